//! Modules that a build makes: a checkout that was not built lacks them, and that is no mistake.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::folders::Listing;
use crate::naming::SearchRoots;
use crate::resolve::{Resolution, Resolver, SearchPath};
use crate::runs::last_part;

/// A module that the build of a project makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// Which module it is.
    pub what: BuiltModule,
    /// What says so, for a user: "`ext_modules` in setup.py".
    pub by: String,
}

/// How the build names a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BuiltModule {
    /// By its dotted name.
    Dotted(String),
    /// By its last name, wherever it is put.
    Last(String),
    /// By its place: the file, without an ending.
    Place(PathBuf),
}

/// Endings of files that a build makes a module of, and how the module's name follows from them.
const SOURCES: &[&str] = &[".pyx", ".pxd", ".py.in", ".pyx.in"];

/// Endings of modules that `protoc` writes, and the folders that `.proto` files are kept in.
const PROTOCOL_ENDINGS: &[&str] = &["_pb2_grpc", "_pb2"];
const PROTOCOL_FOLDERS: &[&str] = &["", "proto", "protos", "protobuf"];

/// What says that the build of the project makes the missing module.
pub(crate) fn built_by(
    resolver: &Resolver<'_>,
    project: &SearchRoots,
    folder: &Path,
    path: SearchPath,
    missing: &str,
) -> Option<String> {
    let last = last_part(missing);
    let folders = places(resolver, path, missing);
    let is_meant = |built: &&Built| match &built.what {
        BuiltModule::Dotted(name) => name == missing,
        BuiltModule::Last(name) => name == last,
        BuiltModule::Place(place) => {
            folders.iter().any(|folder| place.starts_with(folder) && *place == folder.join(last))
        }
    };
    let declared = project.built.iter().find(is_meant).map(|built| built.by.clone());
    let is_own = |folder: &&PathBuf| folder.starts_with(&project.project);
    let own: Vec<&PathBuf> = folders.iter().filter(is_own).collect();
    declared
        .or_else(|| beside(resolver, &own, last))
        .or_else(|| from_protocol(resolver, &own, folder, &project.project, last))
}

/// The folders in which the module is looked for.
fn places(resolver: &Resolver<'_>, path: SearchPath, missing: &str) -> Rc<[PathBuf]> {
    let Some((parent, _)) = missing.rsplit_once('.') else { return resolver.roots(path) };
    match resolver.resolve(parent, path) {
        Resolution::Found(package) => package.search.as_slice().into(),
        _ => Rc::default(),
    }
}

/// A source of the module in one of the folders: `name.pyx`, or `name.c` with `name.pyi`.
fn beside(resolver: &Resolver<'_>, folders: &[&PathBuf], name: &str) -> Option<String> {
    let has = |listing: &Listing, ending: &str| listing.has_file(&format!("{name}{ending}"));
    folders.iter().find_map(|folder| {
        let listing = resolver.folders().list(folder)?;
        if !listing.may_have_stem(name) {
            return None;
        }
        let is_typed = has(&listing, ".pyi");
        let mut compiled = [".c", ".cc", ".cpp", ".rs"].iter().filter(|_| is_typed);
        let ending = SOURCES.iter().find(|ending| has(&listing, ending));
        let ending = ending.or_else(|| compiled.find(|ending| has(&listing, ending)))?;
        Some(format!("`{name}{ending}` beside it"))
    })
}

/// The `.proto` file that a module of `protoc` is made from.
fn from_protocol(
    resolver: &Resolver<'_>,
    folders: &[&PathBuf],
    importing: &Path,
    project: &Path,
    name: &str,
) -> Option<String> {
    let stem = PROTOCOL_ENDINGS.iter().find_map(|ending| name.strip_suffix(ending))?;
    let file = format!("{stem}.proto");
    let around = importing.ancestors().take_while(|folder| folder.starts_with(project));
    let mut all = folders.iter().map(|folder| folder.as_path()).chain(around);
    let holds = |folder: &Path| {
        PROTOCOL_FOLDERS.iter().any(|below| {
            let listing = resolver.folders().list(&folder.join(below));
            listing.is_some_and(|listing| listing.has_file(&file))
        })
    };
    all.any(holds).then(|| format!("`{file}`"))
}
