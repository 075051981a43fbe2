//! x
#![allow(dead_code, clippy::indexing_slicing, clippy::print_stdout, reason = "a simulation is a test: it may panic, and it speaks")]
mod answers; mod books; mod chance; mod claims; mod life; mod plan; mod process; mod server; mod trace; mod watch; mod wire; mod world;

fn main() {
    let a: Vec<u64> = std::env::args().skip(1).filter_map(|t| t.parse().ok()).collect();
    let (from, count) = (a[0], a[1]);
    if let Some(f) = std::env::args().skip(1).find(|t| t.parse::<u64>().is_err()) { cloudblue_connect_native::core::bulk::fault::build_in(&f).unwrap(); }
    let start = std::time::Instant::now();
    let mut rules: std::collections::BTreeMap<&str, (u64, u64)> = Default::default();
    let mut hours = 0.0; let mut requests = 0;let mut deaths=0; let mut longest=(0.0,0);
    for seed in from..from + count {
        let out = life::simulate(&plan::Plan::of(seed), count == 1);
        hours += out.figures.hours; requests += out.figures.requests; deaths += out.figures.deaths;
        if out.figures.hours > longest.0 { longest = (out.figures.hours, seed); }
        if count == 1 { println!("{}", out.trace.join("\n")); println!("{:?}", plan::Plan::of(seed)); }
        if let Some(v) = out.violation { let e = rules.entry(v.rule).or_insert((0, seed)); e.0 += 1; if e.0 <= 2 { println!("{seed}: {v:?}"); } }
    }
    println!("{rules:?} {hours} h {requests} requests {deaths} deaths longest {longest:?}; {} seeds/s", count as f64 / start.elapsed().as_secs_f64());
}
