//! Where the parts of one environment lie: `pyvenv.cfg`, the base installation, the library folders.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use pycheck_model::PythonVersion;

/// What the name of a library's folder, and of an interpreter, begins with.
const IMPLEMENTATIONS: [&str; 2] = ["python", "pypy"];

/// An environment whose place is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    /// `sys.prefix`.
    pub(super) prefix: PathBuf,
    /// The interpreter as it was found.
    pub(super) interpreter: Option<PathBuf>,
    /// `sys.base_prefix`, if the standard library is there.
    pub(super) base: Option<PathBuf>,
    /// The library folder's name: `python3.12`, `python3.13t`, `pypy3.10`.
    pub(super) library: Option<String>,
    /// What `pyvenv.cfg` says; `None` for an installation.
    pub(super) config: Option<VenvConfig>,
    /// A folder of packages that was asked for by itself, outside every known layout.
    pub(super) loose_packages: Option<PathBuf>,
}

/// What a `pyvenv.cfg` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct VenvConfig {
    /// The folder of the base interpreter.
    home: Option<PathBuf>,
    /// The version, in any precision.
    version: Option<PythonVersion>,
    /// Whether the packages of the base installation are seen.
    pub(super) system_site_packages: bool,
    /// uv: the environment that this one adds to.
    pub(super) extends: Option<PathBuf>,
}

impl VenvConfig {
    fn read(folder: &Path) -> Option<Self> {
        let text = fs::read(folder.join("pyvenv.cfg")).ok()?;
        // A key that is missing means what CPython's `site` takes it to mean.
        let mut config = Self { system_site_packages: true, ..Self::default() };
        for line in String::from_utf8_lossy(&text).lines() {
            if let Some((key, value)) = line.split_once('=') {
                config.set(&key.trim().to_lowercase(), value.trim(), folder);
            }
        }
        Some(config)
    }

    fn set(&mut self, key: &str, value: &str, folder: &Path) {
        match key {
            "home" => self.home = Some(folder.join(value)),
            "version" | "version_info" => self.version = value.parse().ok().or(self.version),
            "include-system-site-packages" => {
                self.system_site_packages = value.eq_ignore_ascii_case("true");
            }
            "extends-environment" => self.extends = Some(folder.join(value)),
            _ => {}
        }
    }
}

impl Layout {
    /// The environment that an interpreter belongs to, by CPython's own rule: `pyvenv.cfg` is
    /// looked for beside the path as it stands; without one, symbolic links are followed.
    pub(super) fn of_interpreter(interpreter: &Path) -> Option<Self> {
        let folder = interpreter.parent()?;
        let venv =
            [folder, folder.parent().unwrap_or(folder)].into_iter().find_map(VenvConfig::read);
        if let Some(config) = venv {
            let prefix = folder.parent()?.to_path_buf();
            return Some(Self::of_venv(prefix, Some(interpreter.to_path_buf()), config));
        }
        let real = interpreter.canonicalize().ok().filter(|real| is_program(real))?;
        let library = real.file_name().and_then(|name| library_name(name.to_str()?));
        let folder = real.parent()?;
        let (base, library) =
            find_base(folder, library.as_deref()).or_else(|| find_base(folder, None))?;
        Some(Self {
            prefix: base.clone(),
            interpreter: Some(interpreter.to_path_buf()),
            base: Some(base),
            library: Some(library),
            config: None,
            loose_packages: None,
        })
    }

    /// The environment whose prefix is `prefix`.
    pub(super) fn of_prefix(prefix: &Path) -> Option<Self> {
        let interpreter = interpreter_in(&prefix.join("bin"));
        if let Some(config) = VenvConfig::read(prefix) {
            return Some(Self::of_venv(prefix.to_path_buf(), interpreter, config));
        }
        if let Some(layout) = interpreter.as_deref().and_then(Self::of_interpreter)
            && same_folder(&layout.prefix, prefix)
        {
            return Some(Self { prefix: prefix.to_path_buf(), ..layout });
        }
        let library = libraries_with(prefix, "site-packages").pop()?;
        let base = is_base(prefix, &library).then(|| prefix.to_path_buf());
        Some(Self {
            prefix: prefix.to_path_buf(),
            interpreter,
            base,
            library: Some(library),
            config: None,
            loose_packages: None,
        })
    }

    /// A folder of packages that lies in no environment.
    pub(super) fn of_packages(folder: &Path) -> Self {
        Self {
            prefix: folder.to_path_buf(),
            interpreter: None,
            base: None,
            library: None,
            config: None,
            loose_packages: Some(folder.to_path_buf()),
        }
    }

    fn of_venv(prefix: PathBuf, interpreter: Option<PathBuf>, config: VenvConfig) -> Self {
        // Folders of older versions stay behind when an environment is made anew in the same place.
        let libraries = libraries_with(&prefix, "site-packages");
        let by_version = libraries.iter().find(|name| library_version(name) == config.version);
        let wanted = by_version.or(libraries.last()).cloned();
        let wanted = wanted.or_else(|| config.version.map(|version| format!("python{version}")));
        let base = venv_base(interpreter.as_deref(), config.home.as_deref(), wanted.as_deref());
        let library = base.as_ref().map(|(_, library)| library.clone()).or(wanted);
        Self {
            prefix,
            interpreter,
            base: base.map(|(base, _)| base),
            library,
            config: Some(config),
            loose_packages: None,
        }
    }

    /// The version, by the name of the library folder or `pyvenv.cfg`.
    pub(super) fn version(&self) -> Option<PythonVersion> {
        let by_name = self.library.as_deref().and_then(library_version);
        by_name.or_else(|| self.config.as_ref().and_then(|config| config.version))
    }

    /// `lib` or `lib64`, as `sys.platlibdir` of the base says; both where the base is gone.
    pub(super) fn library_parents(&self) -> &'static [&'static str] {
        let (Some(base), Some(library)) = (&self.base, &self.library) else {
            return &["lib", "lib64"];
        };
        if has_os_module(&base.join("lib").join(library)) { &["lib"] } else { &["lib64", "lib"] }
    }

    /// The folders of the standard library that exist, in the order of `sys.path`.
    pub(super) fn stdlib(&self) -> Vec<PathBuf> {
        let (Some(base), Some(library)) = (&self.base, &self.library) else { return Vec::new() };
        let parent = self.library_parents()[0];
        let folder = base.join(parent).join(library);
        let dynload = folder.join("lib-dynload");
        [folder, dynload].into_iter().filter(|folder| folder.is_dir()).collect()
    }
}

/// The first interpreter of a `bin` folder.
pub(super) fn interpreter_in(folder: &Path) -> Option<PathBuf> {
    ["python3", "python", "pypy3"]
        .into_iter()
        .map(|name| folder.join(name))
        .find(|path| path.is_file())
}

/// Whether a file may be an interpreter: not some other file, and not a script that starts one.
fn is_program(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let mut start = [0; 2];
    let read = fs::File::open(path).and_then(|mut file| file.read(&mut start));
    IMPLEMENTATIONS.iter().any(|prefix| name.starts_with(prefix)) && read.is_ok() && start != *b"#!"
}

/// Whether both paths lead to the same folder.
pub(super) fn same_folder(left: &Path, right: &Path) -> bool {
    left == right
        || matches!((left.canonicalize(), right.canonicalize()), (Ok(left), Ok(right)) if left == right)
}

/// The installation that a virtual environment was made from: by `home`, then by the interpreter
/// in `home`, then by the environment's own interpreter, which often is a symbolic link.
fn venv_base(
    interpreter: Option<&Path>,
    home: Option<&Path>,
    library: Option<&str>,
) -> Option<(PathBuf, String)> {
    let by_home = home.and_then(|home| find_base(home, library));
    by_home.or_else(|| {
        [home.and_then(interpreter_in), interpreter.map(Path::to_path_buf)]
            .into_iter()
            .flatten()
            .filter_map(|path| path.canonicalize().ok())
            .find_map(|path| find_base(path.parent()?, library))
    })
}

/// Walks up from the folder of an interpreter to the prefix that holds the standard library.
fn find_base(folder: &Path, library: Option<&str>) -> Option<(PathBuf, String)> {
    // The root of the file system is no prefix: what is there belongs to `/usr`.
    let mut prefixes = folder.ancestors().filter(|prefix| prefix.parent().is_some());
    prefixes.find_map(|prefix| {
        let library = match library {
            Some(library) => is_base(prefix, library).then(|| library.to_owned()),
            None => libraries_with(prefix, "os.py").pop(),
        };
        Some((prefix.to_path_buf(), library?))
    })
}

fn is_base(prefix: &Path, library: &str) -> bool {
    ["lib", "lib64"].into_iter().any(|parent| has_os_module(&prefix.join(parent).join(library)))
}

fn has_os_module(folder: &Path) -> bool {
    ["os.py", "os.pyc"].into_iter().any(|name| folder.join(name).is_file())
}

/// The library folders under `lib` or `lib64` of a prefix that have `content`, oldest version first.
fn libraries_with(prefix: &Path, content: &str) -> Vec<String> {
    let folders =
        ["lib", "lib64"].into_iter().filter_map(|parent| fs::read_dir(prefix.join(parent)).ok());
    let mut names: Vec<String> = folders
        .flatten()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().join(content).exists())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| library_version(name).is_some())
        .collect();
    names.sort_by_key(|name| (library_version(name), name.clone()));
    names
}

/// The name of the library folder for an interpreter called `name`, if the name says it.
fn library_name(name: &str) -> Option<String> {
    library_version(name).map(|_| name.to_owned())
}

/// The version in a name such as `python3.12`, `python3.13t` or `pypy3.10`.
fn library_version(name: &str) -> Option<PythonVersion> {
    let numbers = IMPLEMENTATIONS.into_iter().find_map(|prefix| name.strip_prefix(prefix))?;
    let numbers = numbers.strip_suffix('t').unwrap_or(numbers);
    let plain = numbers.starts_with('3') && numbers.contains('.');
    plain.then(|| numbers.parse().ok()).flatten()
}
