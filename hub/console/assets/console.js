// SPDX-License-Identifier: Apache-2.0
// What the pages can do beyond HTML, which all of them work without: follow the snapshots, copy commands, keys, finer charts.
// What comes from the server as HTML is parsed into a document of its own, where nothing runs, and merged node by node.
'use strict';
(() => {
    const byId = (id) => document.getElementById(id);
    const here = document.currentScript.dataset;
    const loaded = performance.now();
    document.documentElement.classList.add('scripted');

    // --- Merging: what is the same stays, and with it focus, selection, scroll places, what is open, and charts.

    const same = (a, b) => a.nodeName === b.nodeName && (a.id || '') === (b.id || '') && (a.classList?.[0] || '') === (b.classList?.[0] || '');

    function mergeAttributes(old, fresh) {
        const kept = (name) => name === 'open' && (old.nodeName === 'DETAILS' || old.nodeName === 'DIALOG');
        for (const { name } of [...old.attributes])
            if (!fresh.hasAttribute(name) && !kept(name)) old.removeAttribute(name);
        for (const { name, value } of fresh.attributes)
            if (old.getAttribute(name) !== value && !kept(name)) old.setAttribute(name, value);
    }

    function merge(old, fresh) {
        if (old.nodeType !== Node.ELEMENT_NODE) {
            if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
            return;
        }
        if (old.isEqualNode(fresh) || old.nodeName === 'FORM') return; // somebody may be writing in a form
        if (old.classList.contains('plotted')) {
            draw(old, fresh.dataset.trail);
            return;
        }
        mergeAttributes(old, fresh);
        mergeChildren(old, fresh);
    }

    // The longest run of children, in order, that are the same in both: fresh child to old child.
    function pairs(olds, news) {
        const width = news.length + 1, lengths = new Uint16Array((olds.length + 1) * width), found = new Map();
        for (let i = olds.length - 1; i >= 0; i--)
            for (let k = news.length - 1; k >= 0; k--)
                lengths[i * width + k] = same(olds[i], news[k]) ? lengths[(i + 1) * width + k + 1] + 1
                    : Math.max(lengths[(i + 1) * width + k], lengths[i * width + k + 1]);
        for (let i = 0, k = 0; i < olds.length && k < news.length;)
            if (same(olds[i], news[k])) found.set(news[k++], olds[i++]);
            else if (lengths[(i + 1) * width + k] >= lengths[i * width + k + 1]) i++;
            else k++;
        return found;
    }

    function mergeChildren(old, fresh) {
        const olds = [...old.childNodes], news = [...fresh.childNodes], found = pairs(olds, news), kept = new Set(found.values());
        const moved = new Map();
        for (const node of news) {
            const known = node.id && !found.has(node) && olds.find((other) => other.id === node.id && !kept.has(other));
            if (known) moved.set(node, known);
        }
        const movers = new Set(moved.values());
        for (const node of olds)
            if (!kept.has(node) && !movers.has(node)) node.remove();
        let at = old.firstChild;
        for (const node of news) {
            while (at && movers.has(at)) at = at.nextSibling; // goes where it belongs when its turn comes
            const twin = found.get(node);
            if (twin) {
                merge(twin, node);
                at = twin.nextSibling;
            } else if (moved.has(node)) {
                const mover = moved.get(node);
                movers.delete(mover);
                old.insertBefore(mover, at);
                merge(mover, node);
            } else {
                old.insertBefore(document.importNode(node, true), at);
            }
        }
    }

    // --- Following

    let paused = false, loading = false, wanted = false, seen = Number(byId('age').dataset.number);
    let bornAt = loaded - Number(byId('age').dataset.age);

    function follow(page) {
        const age = byId('age'), fresh = page.getElementById('age');
        if (!fresh) return;
        seen = Number(fresh.dataset.number);
        bornAt = performance.now() - Number(fresh.dataset.age);
        age.dataset.number = fresh.dataset.number;
        age.dataset.every = fresh.dataset.every;
        const before = byId('whole').textContent, now = page.getElementById('whole').textContent;
        merge(document.querySelector('.whole'), page.querySelector('.whole'));
        merge(document.querySelector('nav'), page.querySelector('nav'));
        merge(byId('main'), page.getElementById('main'));
        document.title = page.title;
        document.querySelector('link[rel=icon]').href = page.querySelector('link[rel=icon]').getAttribute('href');
        if (before !== now) byId('live').textContent = 'Now: ' + now;
        plots();
        tick();
    }

    async function load() {
        wanted = true;
        if (loading || paused || document.hidden || document.body.dataset.live === 'no') return;
        loading = true;
        while (wanted && !paused) {
            wanted = false;
            try {
                const answer = await fetch(location.href, { headers: { Accept: 'text/html' }, cache: 'no-store' });
                if (answer.ok && !paused) follow(new DOMParser().parseFromString(await answer.text(), 'text/html'));
            } catch {
                // The age goes on growing and says so.
            }
        }
        loading = false;
    }

    // From how much on a unit is used, and what one of it has in milliseconds: as the pages have it.
    const second = 1000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;
    const units = [[2 * day, day, 'd'], [2 * hour, hour, 'h'], [2 * minute, minute, 'min'], [second, second, 's'], [1, 1, 'ms']];

    function duration(ms) {
        const [, one, word] = units.find(([least]) => ms >= least) ?? [0, second, 's'];
        const n = ms / one;
        return (n < 10 ? Math.round(n * 10) / 10 : Math.floor(n)) + ' ' + word;
    }

    function tick() {
        const age = byId('age'), every = Number(age.dataset.every), ms = Math.max(0, performance.now() - bornAt);
        const stale = ms > 3 * every;
        if (!seen) return;
        age.classList.toggle('stale', stale);
        byId('age-text').textContent = (paused ? 'paused: ' : stale ? 'stale: ' : 'data ') + duration(Math.floor(ms / second) * second) + ' old';
    }

    function pause() {
        paused = !paused;
        const button = byId('pause');
        button.setAttribute('aria-pressed', String(paused));
        button.textContent = paused ? 'Go on' : 'Pause';
        byId('live').textContent = paused ? 'Paused.' : 'Following again.';
        tick();
        if (!paused) load();
    }

    // A tab in the background loads nothing, and its title and icon are all that is seen of it.
    function announce({ severity, troubles }) {
        const words = ['critical', 'unknown', 'warning'].filter((word) => troubles[word]).map((word) => `${troubles[word]} ${word}`);
        document.title = `${document.querySelector('h1').textContent} · ${words.join(', ') || 'all well'} · Signalbox`;
        document.querySelector('link[rel=icon]').href = here[severity];
    }

    // A browser gives up for good where too many listen already: then the page asks now and then, and tries again.
    function listen() {
        if (!window.EventSource || document.body.dataset.live === 'no') return;
        const events = new EventSource('/events');
        events.addEventListener('health', (event) => {
            if (Number(event.lastEventId) === seen) return;
            if (!paused) announce(JSON.parse(event.data));
            load();
        });
        events.addEventListener('error', () => {
            if (events.readyState !== EventSource.CLOSED) return;
            load();
            setTimeout(listen, 15000);
        });
        addEventListener('pagehide', () => events.close());
    }

    addEventListener('pageshow', (event) => {
        if (!event.persisted) return;
        load();
        listen();
    });

    // --- Charts

    let library;

    function plotLibrary() {
        library ??= new Promise((done, failed) => {
            const style = document.createElement('link'), script = document.createElement('script');
            style.rel = 'stylesheet';
            style.href = here.plotStyle;
            script.src = here.plot;
            script.onload = () => done(window.uPlot);
            script.onerror = failed;
            document.head.append(style, script);
        });
        return library;
    }

    const charts = new WeakMap();

    // How far apart the marks of a scale of durations may be, so that each of them is a round one.
    const steps = [[1, 1, 2, 5, 10, 20, 50, 100, 200, 500], [second, 1, 2, 5, 10, 30], [minute, 1, 2, 5, 10, 30], [hour, 1, 2, 6, 12], [day, 1, 2, 5, 10, 20, 50]]
        .flatMap(([unit, ...counts]) => counts.map((n) => n * unit));

    function options(element, width) {
        const style = getComputedStyle(document.documentElement), colour = (name) => style.getPropertyValue(name).trim();
        const axis = { stroke: colour('--dim'), grid: { stroke: colour('--line'), width: 1 }, ticks: { stroke: colour('--line'), width: 1 }, font: '12px system-ui, sans-serif' };
        const clock = (seconds) => new Date(seconds * 1000).toISOString().slice(11, 16);
        const timed = element.dataset.unit === 'duration';
        const show = (value) => value === null || value === undefined ? '?' : timed ? duration(value) : String(Math.round(value * 10) / 10);
        // What is pointed at, or else the newest: a legend is never empty.
        const at = (plot, series, i) => plot.data[series][i ?? plot.data[0].length - 1];
        return {
            width, height: 180, cursor: { y: false }, legend: { markers: { show: false } },
            tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
            scales: { y: { range: (_, low, high) => [0, Math.max(1, high * 1.1)] } },
            axes: [{ ...axis, values: (_, ticks) => ticks.map(clock) }, { ...axis, size: 64, ...timed && { incrs: steps }, values: (_, ticks) => ticks.map(show) }],
            series: [{ label: 'UTC', value: (plot, _, series, i) => clock(at(plot, series, i)) },
                { label: element.dataset.title, stroke: colour('--link'), width: 1.5, value: (plot, _, series, i) => show(at(plot, series, i)), points: { show: false } }],
        };
    }

    async function draw(element, address) {
        try {
            const [uPlot, answer] = await Promise.all([plotLibrary(), fetch(address, { cache: 'no-store' })]);
            if (!answer.ok) return;
            const trail = await answer.json(), data = [trail.at_ms.map((ms) => ms / 1000), trail.values];
            const chart = charts.get(element);
            if (chart) {
                chart.setData(data);
                return;
            }
            element.classList.add('plotted');
            charts.set(element, new uPlot(options(element, element.clientWidth), data, element));
        } catch {
            // The line that needs no script stays.
        }
    }

    function plots() {
        if (!here.plot) return; // built without charts: their tables are open
        for (const element of document.querySelectorAll('.plot[data-trail]'))
            if (!charts.has(element)) {
                charts.set(element, null);
                draw(element, element.dataset.trail);
            }
    }

    addEventListener('resize', () => {
        for (const element of document.querySelectorAll('.plotted'))
            charts.get(element)?.setSize({ width: element.clientWidth, height: 180 });
    });

    // --- Copying and keys

    async function copy(button) {
        try {
            await navigator.clipboard.writeText(button.dataset.copy);
            button.textContent = 'Copied';
        } catch {
            getSelection().selectAllChildren(button.previousElementSibling);
            button.textContent = 'Selected';
        }
        byId('live').textContent = button.textContent + '.';
        setTimeout(() => { button.textContent = 'Copy'; }, 1500);
    }

    document.addEventListener('click', (event) => {
        const button = event.target.closest?.('button');
        if (!button) return;
        if (button.classList.contains('copy')) copy(button);
        if (button.id === 'pause') pause();
        if (button.id === 'keys') byId('help').showModal();
    });

    let leader = -Infinity;

    function press(key) {
        if (performance.now() - leader < 1500) {
            leader = -Infinity;
            const link = document.querySelector(`nav a[data-key="${CSS.escape(key)}"]`);
            if (link) link.click();
            return Boolean(link);
        }
        if (key === 'g') leader = performance.now();
        else if (key === '/') byId('find').select();
        else if (key === '?') byId('help').showModal();
        else if (key === 'p') pause();
        else return false;
        if (key === '/') byId('find').focus();
        return true;
    }

    document.addEventListener('keydown', (event) => {
        if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || byId('help').open) return;
        if (event.target.closest?.('input, select, textarea, [contenteditable]')) {
            if (event.key === 'Escape') event.target.blur();
            return;
        }
        if (press(event.key)) event.preventDefault();
    });

    document.addEventListener('visibilitychange', () => { if (!document.hidden && wanted) load(); });
    setInterval(tick, 1000);
    tick();
    plots();
    listen();
})();
