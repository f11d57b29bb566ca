# SPDX-License-Identifier: Apache-2.0
"""A result of tests/bench/run as a page of text."""
import statistics

# (what, of which arm, beside which other, aim)
RATIOS = [
    ("hub unsigned beside bare", "hub unsigned", "bare", 0.45),
    ("hub unsigned beside bare, no headers", "hub unsigned, no headers", "bare, no headers", 0.45),
    ("batch-signed beside unsigned", "hub batch-signed", "hub unsigned", 0.75),
    ("batch-signed beside unsigned, no headers", "hub batch-signed, no headers", "hub unsigned, no headers", 0.75),
    ("batch-signed with a worker a lane beside the default", "hub batch-signed, a worker a lane", "hub batch-signed", None),
    ("hub unsigned beside bare with one pair, no headers", "hub unsigned, no headers", "bare, no headers, one pair", None),
]
LATENCY_AIMS = {10: (20, 40), 100: (20, 40), 1000: (25, 70)}
RESTORE_AIM, RESIDENT_AIM = 0.3, 300
TELLING_FINGERPRINTS = 500_000


def per_cpu_second(run):
    return run["records"] / run["cpu_seconds"]


def per_second(run):
    return run["records"] / run["seconds"]


def verdict(reached):
    return "reached" if reached else "MISSED"


def ratios(throughput):
    """[(what, median, lowest, highest, aim)] of records per CPU second, each run beside the other of its round."""
    rows = []
    for what, arm, other, aim in RATIOS:
        pairs = [per_cpu_second(a) / per_cpu_second(b) for a, b in zip(throughput[arm], throughput[other])]
        rows.append((what, statistics.median(pairs), min(pairs), max(pairs), aim))
    return rows


def throughput_lines(result):
    yield f"{'records a second, and per CPU second of the program':52} {'/ s':>9} {'/ CPU s':>9} {'lowest':>9} {'highest':>9} {'MB':>6} {'library':>8}"
    for name, runs in result["throughput"].items():
        each = sorted(per_cpu_second(run) for run in runs)
        share = statistics.median(run.get("library_share", 1) for run in runs)
        yield (f"{name:52} {statistics.median(map(per_second, runs)):9,.0f} {statistics.median(each):9,.0f} {each[0]:9,.0f} "
               f"{each[-1]:9,.0f} {max(run['peak_mb'] for run in runs):6.0f} "
               f"{f'{share:.0%}' if 'library_share' in runs[0] else '':>8}")


def ratio_lines(result):
    yield f"{'ratio of records per CPU second, side by side':52} {'median':>9} {'lowest':>9} {'highest':>9} {'aim':>9}"
    for what, median, low, high, aim in ratios(result["throughput"]):
        yield (f"{what:52} {median:9.2f} {low:9.2f} {high:9.2f} " +
               (f"{aim:9.2f}  {verdict(median >= aim)}" if aim else f"{'-':>9}"))


def stage_lines(result):
    rows = result["stages"]["ns_per_item"]
    yield f"{'stage of the core':52} {'ns an item':>10}"
    for name, ns in sorted(rows.items(), key=lambda row: -row[1]):
        yield f"{name:52} {ns:10,.0f}"
    parts = {name: ns for name, ns in rows.items() if not name.startswith(("step_", "proof_single", "interest_1000"))}
    costliest = max(parts, key=parts.get)
    yield f"of what a batch-signed item passes, {costliest} costs most: {parts[costliest]:,.0f} of {rows['step_batch']:,.0f} ns"


def recovery_lines(result):
    found = result["recovery"]
    full, empty, slope = found["full"], found["empty"], found["seconds_per_million"]
    # With few fingerprints the slope is the noise of two starts.
    judged = (f"{slope:.2f} s a million (aim {RESTORE_AIM}: {verdict(slope < RESTORE_AIM)})"
              if full["fingerprints"] - empty["fingerprints"] >= TELLING_FINGERPRINTS else "too few to tell a slope")
    yield (f"all lanes open after {full['seconds']:.2f} s with {full['fingerprints']:,} fingerprints, {empty['seconds']:.2f} s "
           f"with {empty['fingerprints']:,}: {judged}")
    yield f"resident after the start: {full['resident_mb']:.0f} MB and {empty['resident_mb']:.0f} MB: {found['bytes_per_fingerprint']:.1f} bytes a fingerprint"
    held = full["fingerprints"] * found["bytes_per_fingerprint"] / 1048576
    peak = max(run["peak_mb"] for name, runs in result["throughput"].items() if name.startswith("hub batch") for run in runs)
    yield (f"resident at most under backlog: {peak:.0f} MB, beside the fingerprints {peak - held:.0f} MB "
           f"(aim {RESIDENT_AIM}: {verdict(peak - held < RESIDENT_AIM)})")


def latency_lines(result):
    yield f"{'from publish to a committed reader, ms':52} {'p50':>8} {'p90':>8} {'p99':>8} {'p99.9':>8} {'most':>8}  missing"
    for row in result["latency"]:
        p50, p99 = LATENCY_AIMS[row["rate"]]
        reached = row["p50_ms"] < p50 and row["p99_ms"] < p99 and not row["missing"]
        yield (f"{row['rate']:>6} items a second, {row['items']:,} items{row['how']}"[:52].ljust(52) +
               f" {row['p50_ms']:8.1f} {row['p90_ms']:8.1f} {row['p99_ms']:8.1f} {row['p999_ms']:8.1f} {row['max_ms']:8.1f}  "
               f"{row['missing']}  (aim {p50} and {p99}: {verdict(reached)})")


def text(result):
    """The whole page."""
    head = [f"{result['date']}, commit {result['commit']}{', quick' if result['quick'] else ''}",
            f"{result['cores']} x {result['cpu']}, {result['system']}, {result['compiler']}",
            f"Apache Kafka {result['kafka']} on the same machine; " + ", ".join(f"{name} {version}" for name, version in result["versions"].items()),
            f"{result['records']:,} records of {result['value_bytes']:.0f} bytes ({result['value_bytes_single']:.0f} signed one by one), "
            f"{result['repeats']:.0%} repeats, {result['forces']} forces, {result['feeds_per_item']:.2f} feeds an item, "
            f"{result['subscriptions']:,} subscriptions, {result['lanes']} lanes"]
    blocks = [head, throughput_lines(result), ratio_lines(result), stage_lines(result), recovery_lines(result), latency_lines(result)]
    return "\n\n".join("\n".join(block) for block in blocks)
