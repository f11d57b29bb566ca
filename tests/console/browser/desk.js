// SPDX-License-Identifier: Apache-2.0
//
// An officer's work in a browser, by keyboard alone, with script and without, wide and narrow, on a running console where everything is
// allowed. Driven by tests/kafka/check_desk.
//
//   desk.js URL ITEM-PAGE REFUSED-PAGE SUBSCRIPTION-PAGE      writes build/screenshots/desk-*.png
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { accessibility, check, finish, launch, top, watch } = require('./kit.js');

const [base, item, refused, subscription] = [process.argv[2].replace(/\/$/, ''), ...process.argv.slice(3)];
const shots = path.join(top, 'build/screenshots');

// Goes on with the tabulator until what a selector names has the focus.
async function reach(page, selector) {
    for (let i = 0; i < 300; i++) {
        if (await page.evaluate((wanted) => !!document.activeElement?.matches(wanted), selector)) return;
        await page.keyboard.press('Tab');
    }
    throw new Error(`${selector} cannot be reached by keyboard`);
}

// axe waits by timers, which do not run where script is off.
async function look(page, label, width, script) {
    if (!script) return;
    const violations = await accessibility(page);
    check(`${label}: axe`, violations.length === 0, violations.join('\n        '));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    check(`${label}: no sideways scrolling`, overflow <= 0, `${overflow} px too wide`);
    await page.screenshot({ path: path.join(shots, `${label.replace(/ /g, '-')}-${width}.png`), fullPage: true });
}

async function send(page, reason) {
    await reach(page, reason);
    await page.keyboard.type('case 2026-117, by keyboard');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
}

async function see_item(page, width, script) {
    await page.goto(base + item);
    await reach(page, 'details.panel > summary');
    await page.keyboard.press('Enter');
    await send(page, 'details.panel input[name=reason]');
    const content = await page.locator('pre.content').textContent();
    check('the content is shown', content.includes('<script>document.title'), content);
    check('and is text', await page.locator('main script, main img').count() === 0 && await page.title() !== 'owned');
    check('under its marking', (await page.locator('.marking strong').textContent()).startsWith('OFFICIAL'));
    await look(page, 'desk item', width, script);
}

async function see_refused(page, width, script) {
    await page.goto(base + refused);
    await look(page, 'desk record', width, script);
    await send(page, '#reason-see');
    check('two bytes are marked: as number and as text', await page.locator('table.hex mark').count() === 2);
    check('in the row that is named', await page.locator('#marked mark').count() === 2);
    await look(page, 'desk bytes', width, script);
}

async function change(page, width, script) {
    await page.goto(base + subscription);
    await reach(page, '#field-note');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('by keyboard');
    await send(page, '#reason-change');
    check('the change is shown first', await page.locator('table.diff tr.changed ins').last().textContent() === 'by keyboard');
    await look(page, 'desk change', width, script);
}

async function main() {
    fs.mkdirSync(shots, { recursive: true });
    const browser = await launch();
    for (const [width, script] of [[1440, true], [320, true], [1440, false]]) {
        const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled: script });
        const page = await context.newPage();
        const faults = watch(page, base);
        for (const part of [see_item, see_refused, change]) await part(page, width, script);
        check(`${width}, script ${script}: quiet`, faults.length === 0, faults.join('; '));
        await context.close();
    }
    await browser.close();
    return finish();
}

main().then((status) => { process.exitCode = status; }, (error) => { console.error(error); process.exitCode = 1; });
