//! What is known of files as they are found.

use super::{Literal, call_arguments, call_keywords, module_literals};

fn text(text: &str) -> Literal {
    Literal::Str(text.to_owned())
}

fn strings(items: &[&str]) -> Literal {
    Literal::List(items.iter().map(|item| text(item)).collect())
}

#[test]
fn an_annotated_mapping_is_read() {
    let source = "from __future__ import annotations\nMAPPING: dict[str, str] = {'a': '/src/a', 'b.c': '/src/' 'c'}\nNAMESPACES: dict = {}\n";
    let names = module_literals(source);
    let pairs = names["MAPPING"].as_dict().unwrap();
    assert_eq!(pairs[0], (text("a"), text("/src/a")));
    assert_eq!(pairs[1], (text("b.c"), text("/src/c")));
    assert_eq!(names["NAMESPACES"], Literal::Dict(Vec::new()));
}

#[test]
fn sums_and_additions_are_followed() {
    let names = module_literals("base = ['a']\nbase += ['b']\nall_ = base + ['c', *base]\nn = 3");
    assert_eq!(names["all_"], strings(&["a", "b", "c", "a", "b"]));
    assert_eq!(names["n"], Literal::Number(3.0));
}

#[test]
fn what_is_assigned_under_a_condition_is_not_known() {
    let names = module_literals("x = 1\ny = ['a']\nif z:\n    x = 2\n    y += ['b']\nw = z()\n");
    assert!(!names.contains_key("x"));
    assert_eq!(names["y"], strings(&["a", "b"]));
    assert!(matches!(&names["w"], Literal::Call { name, .. } if name == "z"));
    assert!(module_literals("v = w.x").is_empty());
}

#[test]
fn the_arguments_of_setup_are_found_wherever_it_is_called() {
    let source = "import setuptools\nreq = ['a>=1', f'b']\ndef main():\n    setuptools.setup(name='n', \
                  install_requires=req + open('x').read().split(), packages=find_packages(where='src'), \
                  package_dir={'': 'src'})\nmain()\n";
    let keywords = call_keywords(source, "setup").unwrap();
    assert_eq!(keywords["install_requires"].strings().collect::<Vec<_>>(), ["a>=1"]);
    assert_eq!(keywords["package_dir"], Literal::Dict(vec![(text(""), text("src"))]));
    let Literal::Call { name, keywords, .. } = &keywords["packages"] else { panic!("a call") };
    assert_eq!((name.as_str(), &keywords["where"]), ("find_packages", &text("src")));
}

#[test]
fn keywords_may_come_from_a_dictionary() {
    let source = "kw = dict(name='n')\nkw['py_modules'] = ['m']\nsetup(**kw)";
    let keywords = call_keywords(source, "setup").unwrap();
    assert_eq!(keywords["name"], text("n"));
    assert_eq!(keywords["py_modules"], strings(&["m"]));
    assert_eq!(call_keywords("print('setup')", "setup"), None);
}

#[test]
fn python_2_and_nonsense_do_no_harm() {
    let keywords = call_keywords("print 'x'\nsetup(name='old')\n", "setup").unwrap();
    assert_eq!(keywords["name"], text("old"));
    let deep = format!("x = {}1{}", "[".repeat(300), "]".repeat(300));
    assert!(module_literals(&deep).contains_key("x"));
}

#[test]
fn positional_arguments_of_every_call_are_given() {
    let source = "F.map_module('a', '/src/a/__init__.py')\nF.map_module('b', __file__)\n";
    let calls = call_arguments(source, "map_module");
    assert_eq!(calls[0], [text("a"), text("/src/a/__init__.py")]);
    assert_eq!(calls[1], [text("b"), Literal::Unknown]);
    assert!(call_arguments(source, "install").is_empty());
}

#[test]
fn a_chain_too_long_to_walk_is_no_danger() {
    let source = format!("x = {}1\ninstall({}1)", "1+".repeat(200_000), "-".repeat(200_000));
    std::thread::Builder::new()
        .stack_size(1 << 20)
        .spawn(move || {
            assert!(module_literals(&source).is_empty());
            assert_eq!(call_arguments(&source, "install"), [[Literal::Unknown]]);
        })
        .unwrap()
        .join()
        .unwrap();
}
