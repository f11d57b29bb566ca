// SPDX-License-Identifier: Apache-2.0
// What browser tests share: the fixture's server, a browser without network but that server, and a count of what passed.
'use strict';
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const top = path.resolve(__dirname, '../../..');
const modules = path.join(top, 'build/deps/node/node_modules');
const build = process.env.SIGNALBOX_BUILD || path.join(top, 'build/release');
const { chromium } = require(path.join(modules, 'playwright-core'));
const axe = fs.readFileSync(path.join(modules, 'axe-core/axe.min.js'), 'utf8');

let passed = 0, failed = 0;

function check(name, ok, detail = '') {
    if (ok) passed++;
    else failed++;
    if (!ok) console.log(`FAILED  ${name}${detail ? ': ' + detail : ''}`);
}

function finish() {
    console.log(`${passed} passed, ${failed} failed`);
    return failed || !passed ? 1 : 0;
}

// A running fixture_server: base is its address, next() shows the next snapshot, stop() ends it.
async function fixture(...options) {
    const roles = ['--roles', 'viewer,quarantine-officer,subscription-officer,content-reader'];
    const child = spawn(path.join(build, 'tests/fixture_server'), [...roles, ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
    const base = await new Promise((done, fail) => {
        child.stdout.once('data', (line) => done(String(line).trim().replace(/\/$/, '')));
        child.once('exit', (status) => fail(new Error(`fixture_server ended with ${status}`)));
    });
    return { base, next: () => child.stdin.write('next\n'), stop: () => child.stdin.end() };
}

// Everything that a page should never do: errors, refused resources, dialogs, requests to anybody else.
function watch(page, base) {
    const faults = [];
    page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) faults.push(`console: ${message.text()}`); });
    page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
    page.on('dialog', (dialog) => { faults.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
    page.on('request', (request) => { if (!request.url().startsWith(base + '/')) faults.push(`outside: ${request.url()}`); });
    return faults;
}

// What axe finds against WCAG 2.0 to 2.2, A and AA, and good practice; or against the rules named.
async function accessibility(page, rules) {
    await page.evaluate(axe);
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const runOnly = rules ? { type: 'rule', values: rules } : { type: 'tag', values: tags };
    const { violations } = await page.evaluate((only) => window.axe.run(document, { runOnly: only, resultTypes: ['violations'] }), runOnly);
    return violations.map((found) => `${found.id} (${found.nodes.length}): ${found.nodes[0].html.slice(0, 160)} ${found.nodes[0].failureSummary.slice(0, 240)}`);
}

const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

module.exports = { accessibility, build, check, finish, fixture, launch, top, watch };
