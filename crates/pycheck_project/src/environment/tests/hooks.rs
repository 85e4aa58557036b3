//! `.pth` files: folders that they name, names that they serve.

use super::*;

const SITE: &str = "project/.venv/lib/python3.12/site-packages";

fn place() -> Place {
    let place = Place::new();
    place.venv("project/.venv", "3.12");
    place
}

#[test]
fn folders_follow_the_site_folder_in_the_order_of_the_files() {
    let place = place();
    for folder in ["one", "two", "project/src"] {
        fs::create_dir_all(place.path(folder)).unwrap();
    }
    let two = place.path("two");
    place.write(&format!("{SITE}/b.pth"), &format!("{}\n# no\n\nmissing\n.\n", two.display()));
    place.write(&format!("{SITE}/a.pth"), "\u{feff}../../../../src  \n../../../../../one\n");
    place.write(&format!("{SITE}/.hidden.pth"), "../../../../../home\n");
    let found = place.find().unwrap();
    let expected = [place.path(SITE), place.path("project/src"), place.path("one"), two];
    assert_eq!(found.site_packages, expected);
    assert!(found.provided.is_empty());
}

#[test]
fn setuptools_serves_distutils() {
    let place = place();
    place.write(&format!("{SITE}/setuptools/_distutils/__init__.py"), "");
    place.write(&format!("{SITE}/distutils-precedence.pth"), "import os; enabled = True");
    let copy = place.path(&format!("{SITE}/setuptools/_distutils"));
    assert_eq!(place.find().unwrap().provided["distutils"], Some(copy));
}

#[test]
fn the_mapping_of_a_setuptools_finder_is_read() {
    let place = place();
    let package = place.write("project/src/pkg/__init__.py", "");
    let module = place.write("project/src/mod.py", "");
    let (package, stem) = (package.parent().unwrap(), module.with_extension(""));
    let pth = "import __editable___thing_1_0_finder; __editable___thing_1_0_finder.install()";
    place.write(&format!("{SITE}/__editable__.thing-1.0.pth"), pth);
    let finder = format!(
        "MAPPING: dict[str, str] = {{'pkg': {package:?}, 'mod': {stem:?}, 'ns.inner': '/x'}}\n\
         NAMESPACES: dict[str, list[str]] = {{'ns': [{package:?}]}}\n\
         def install(): pass\n",
    );
    place.write(&format!("{SITE}/__editable___thing_1_0_finder.py"), &finder);
    let provided = place.find().unwrap().provided;
    assert_eq!(provided["pkg"].as_deref(), Some(package));
    assert_eq!(provided["mod"].as_deref(), Some(module.as_path()));
    assert_eq!(provided["ns"].as_deref(), Some(package));
    assert_eq!(provided.len(), 3);
}

#[test]
fn other_generators_are_read_too() {
    let place = place();
    let init = place.write("project/src/hatched/__init__.py", "");
    let pth = |name: &str| place.write(&format!("{SITE}/{name}.pth"), &format!("import {name}"));
    pth("_editable_impl_hatched");
    let source = format!(
        "from editables.redirector import RedirectingFinder as F\nF.install()\n\
                          F.map_module('hatched', {init:?})\n"
    );
    place.write(&format!("{SITE}/_editable_impl_hatched.py"), &source);
    pth("_built_editable");
    let source = format!(
        "def install(a, b): pass\ninstall({{'built': {init:?}, 'built.x': '/x.py'}}, {{'ext': 'ext.so'}}, None)"
    );
    place.write(&format!("{SITE}/_built_editable.py"), &source);
    pth("_meson_editable_loader");
    place.write(
        &format!("{SITE}/_meson_editable_loader.py"),
        "def init():\n    f = MesonpyMetaFinder('meson', {'mes'}, '/b', ['ninja'])",
    );
    let provided = place.find().unwrap().provided;
    let folder = init.parent();
    assert_eq!(provided["hatched"].as_deref(), folder);
    assert_eq!(provided["built"].as_deref(), folder);
    assert_eq!((&provided["ext"], &provided["mes"]), (&None, &None));
}

#[test]
fn an_unknown_editable_hook_serves_what_its_distribution_says() {
    let place = place();
    place.write(&format!("{SITE}/__editable__.odd-1.pth"), "import _odd_hook");
    place.write(&format!("{SITE}/odd-1.dist-info/RECORD"), "__editable__.odd-1.pth,sha256=x,3\n");
    place.write(&format!("{SITE}/odd-1.dist-info/top_level.txt"), "odd_module\n");
    place.write(&format!("{SITE}/_virtualenv.pth"), "import _virtualenv");
    let provided = place.find().unwrap().provided;
    assert_eq!(provided.into_iter().collect::<Vec<_>>(), [("odd_module".to_owned(), None)]);
}

#[test]
fn a_line_that_adds_a_literal_folder_counts_as_that_folder() {
    let place = place();
    let overlay = place.path("overlay");
    place.write("overlay/inner.pth", "../one\n../overlay\n");
    fs::create_dir_all(place.path("one")).unwrap();
    let line =
        format!("import site; site.addsitedir({overlay:?})\nimport site; site.addsitedir(x)\n");
    place.write(&format!("{SITE}/overlay.pth"), &line);
    place.write("overlay/loop.pth", &line);
    let found = place.find().unwrap().site_packages;
    assert_eq!(found, [place.path(SITE), overlay, place.path("one")]);
}
