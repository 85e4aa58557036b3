//! Random trees of modules: each failure of CPython is predicted, and nothing else is.

use pycheck_test::oracle::pythons;
use pycheck_test::trees::{Features, Options, run};

#[test]
fn cpython_raises_what_is_predicted_for_random_trees_and_nothing_else() {
    let pythons = pythons();
    if pythons.is_empty() {
        return;
    }
    let features = Features::proved();
    let report = run(&Options { count: 300, seed: 1, features, pythons, shown: 2 }).unwrap();
    assert!(report.wrong.is_empty(), "{}", report.text());
    // The trees are worth nothing if everything in them works, or nothing does.
    let is_mixed = report.raising * 20 > report.modules && report.raising * 3 < report.modules * 2;
    assert!(is_mixed, "{}", report.text());
}
