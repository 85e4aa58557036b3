//! What is known of callables that many programs use: facts that several rules ask for.

use ruff_python_stdlib::sys::is_known_standard_library;

/// Builtins that read their arguments and keep none of them in what they return.
const PURE_BUILTINS: &[&str] = &[
    "abs",
    "all",
    "any",
    "ascii",
    "bin",
    "bool",
    "bytes",
    "callable",
    "chr",
    "dir",
    "divmod",
    "float",
    "format",
    "frozenset",
    "getattr",
    "hasattr",
    "hash",
    "hex",
    "id",
    "int",
    "isinstance",
    "issubclass",
    "len",
    "max",
    "min",
    "oct",
    "ord",
    "pow",
    "print",
    "range",
    "repr",
    "round",
    "str",
    "sum",
    "type",
    "vars",
    "bytearray",
    "memoryview",
    "list",
    "tuple",
    "dict",
    "set",
    "sorted",
    "reversed",
    "iter",
    "enumerate",
    "zip",
    "map",
    "filter",
    "next",
    "slice",
];

/// Functions of packages that read their arguments only.
const PURE_CALLEES: &[&str] =
    &["torch.as_tensor", "torch.cat", "torch.stack", "torch.tensor", "yaml.dump", "yaml.safe_dump"];

/// Packages whose functions read their arguments only, or copy them.
const PURE_PACKAGES: &[&str] = &["jax.numpy", "numpy", "pandas", "tensorflow"];

/// Modules of the standard library with callables that keep their arguments, or hand them on.
const KEEPING_MODULES: &[&str] = &[
    "argparse",
    "asyncio",
    "atexit",
    "concurrent",
    "contextlib",
    "contextvars",
    "ctypes",
    "dataclasses",
    "functools",
    "multiprocessing",
    "optparse",
    "queue",
    "sched",
    "threading",
    "tkinter",
    "types",
    "unittest",
    "weakref",
];

/// Callables of those modules that do not, and of other modules that do.
const EXCEPTIONS: &[(&str, bool)] = &[
    ("collections.ChainMap", false),
    ("contextlib.suppress", true),
    ("functools.reduce", true),
    ("types.MappingProxyType", true),
];

/// Functions that change their first argument, within modules that are otherwise pure.
const MUTATORS: &[&str] = &[
    "bisect.insort",
    "bisect.insort_left",
    "bisect.insort_right",
    "builtins.delattr",
    "builtins.setattr",
    "heapq.heapify",
    "heapq.heappop",
    "heapq.heappush",
    "heapq.heappushpop",
    "heapq.heapreplace",
    "numpy.copyto",
    "numpy.put",
    "numpy.random.shuffle",
    "operator.delitem",
    "operator.iadd",
    "operator.iconcat",
    "operator.ior",
    "operator.setitem",
    "random.shuffle",
];

/// Methods that read their arguments, whatever they are called on.
const PURE_METHODS: &[&str] = &[
    "count",
    "difference",
    "difference_update",
    "endswith",
    "extend",
    "extendleft",
    "format",
    "format_map",
    "index",
    "intersection",
    "intersection_update",
    "isdisjoint",
    "issubset",
    "issuperset",
    "join",
    "lstrip",
    "rstrip",
    "startswith",
    "strip",
    "symmetric_difference",
    "symmetric_difference_update",
    "translate",
    "union",
    "update",
    "writelines",
];

/// Verbs that say that a callable only looks at what it gets.
const READING_VERBS: &[&str] = &[
    "as",
    "assert",
    "check",
    "compare",
    "contains",
    "count",
    "describe",
    "display",
    "dump",
    "dumps",
    "encode",
    "escape",
    "format",
    "has",
    "hash",
    "is",
    "len",
    "log",
    "match",
    "pprint",
    "print",
    "quote",
    "repr",
    "serialize",
    "show",
    "str",
    "stringify",
    "to",
    "validate",
    "verify",
    "warn",
];

/// Verbs that say that a callable keeps what it gets, changes it, or hands it to others.
const KEEPING_VERBS: &[&str] = &[
    "accept",
    "add",
    "append",
    "apply",
    "assign",
    "attach",
    "bind",
    "cache",
    "change",
    "collect",
    "configure",
    "connect",
    "consume",
    "create",
    "defer",
    "dispatch",
    "do",
    "emit",
    "enqueue",
    "execute",
    "extend",
    "fill",
    "fire",
    "handle",
    "init",
    "insert",
    "install",
    "keep",
    "make",
    "modify",
    "mutate",
    "new",
    "notify",
    "on",
    "populate",
    "process",
    "publish",
    "push",
    "put",
    "record",
    "register",
    "remember",
    "save",
    "schedule",
    "send",
    "set",
    "setup",
    "spawn",
    "start",
    "store",
    "submit",
    "subscribe",
    "take",
    "track",
    "transform",
    "update",
    "use",
];

/// Verbs that say that a callable changes what it gets, or keeps it for others to find.
const CHANGING_VERBS: &[&str] = &[
    "append",
    "attach",
    "cache",
    "change",
    "enqueue",
    "extend",
    "fill",
    "insert",
    "keep",
    "modify",
    "mutate",
    "populate",
    "push",
    "register",
    "remember",
    "shuffle",
    "store",
    "subscribe",
];

/// Methods of loggers that format their arguments.
const LOG_METHODS: &[&str] = &[
    "critical",
    "debug",
    "error",
    "exception",
    "fatal",
    "info",
    "log",
    "trace",
    "warn",
    "warning",
];

/// Methods of lists, dicts, sets and deques that change the object.
const MUTATING_METHODS: &[&str] = &[
    "__delitem__",
    "__iadd__",
    "__ior__",
    "__setitem__",
    "add",
    "append",
    "appendleft",
    "clear",
    "difference_update",
    "discard",
    "extend",
    "extendleft",
    "insert",
    "intersection_update",
    "move_to_end",
    "pop",
    "popitem",
    "popleft",
    "remove",
    "reverse",
    "rotate",
    "setdefault",
    "sort",
    "subtract",
    "symmetric_difference_update",
    "update",
];

/// Whether the callable of this full name only reads its arguments.
pub fn is_pure_callee(name: &str) -> bool {
    if MUTATORS.contains(&name) {
        return false;
    }
    if let Some(builtin) = name.strip_prefix("builtins.") {
        let is_method = ["str.", "bytes.", "dict.", "list.", "set.", "tuple.", "frozenset."]
            .iter()
            .any(|class| builtin.starts_with(class));
        return PURE_BUILTINS.contains(&builtin) || is_method;
    }
    if let Some((_, is_pure)) = EXCEPTIONS.iter().find(|(exception, _)| *exception == name) {
        return *is_pure;
    }
    let in_package =
        |package: &&str| name.strip_prefix(*package).is_some_and(|rest| rest.starts_with('.'));
    PURE_CALLEES.contains(&name)
        || PURE_PACKAGES.iter().any(in_package)
        || is_of_standard_library(name) && !KEEPING_MODULES.iter().any(in_package)
}

/// Whether this full name is that of a builtin exception, which keeps its arguments.
pub fn is_exception(name: &str) -> bool {
    name.strip_prefix("builtins.").is_some_and(|name| {
        name.starts_with(|c: char| c.is_ascii_uppercase())
            && (name.ends_with("Error")
                || name.ends_with("Exception")
                || name.ends_with("Warning")
                || matches!(name, "SystemExit" | "StopIteration" | "KeyboardInterrupt"))
    })
}

fn is_of_standard_library(name: &str) -> bool {
    let root = name.split('.').next().unwrap_or_default();
    name != root && is_known_standard_library(u8::MAX, root)
}

/// Whether a callable of this name, which is not in view, reads its arguments, judged by the verb
/// that its name begins with.
pub fn is_reader_by_name(name: &str) -> bool {
    begins_with_any(name, READING_VERBS) || name.ends_with("_print") || name.ends_with("_to_str")
}

/// Whether the method of this name, of an object that is not in view, is likely to keep or change
/// what it gets: its name says so, or it makes an object.
pub fn is_keeper_by_name(name: &str) -> bool {
    name == "__init__"
        || name.trim_start_matches('_').starts_with(|c: char| c.is_ascii_uppercase())
        || begins_with_any(name, KEEPING_VERBS)
}

/// Whether a callable of this name, which is not in view, changes what it gets or keeps it for
/// others to find.
pub fn is_changer_by_name(name: &str) -> bool {
    begins_with_any(name, CHANGING_VERBS)
}

/// Whether a name in snake or camel case begins with one of the words.
fn begins_with_any(name: &str, verbs: &[&str]) -> bool {
    let name = name.trim_start_matches('_');
    verbs.iter().any(|verb| {
        name.strip_prefix(verb).is_some_and(|rest| {
            rest.is_empty() || rest.starts_with(|c: char| c == '_' || c.is_ascii_uppercase())
        })
    })
}

/// Whether the callable of this full name changes its first argument.
pub fn is_mutator(name: &str) -> bool {
    MUTATORS.contains(&name)
}

/// Whether a method of this name reads its arguments only, judged by its name alone.
pub fn is_pure_method(name: &str) -> bool {
    PURE_METHODS.contains(&name)
        || name.starts_with("assert") && name[6..].starts_with(|c: char| c.is_ascii_uppercase())
        || name.starts_with("assert_")
}

/// Whether `receiver.method(…)` writes a log record, judged by the names.
pub fn is_log_call(receiver: &str, method: &str) -> bool {
    let receiver = receiver.trim_matches('_').to_ascii_lowercase();
    LOG_METHODS.contains(&method)
        && (receiver == "log" || receiver.ends_with("logger") || receiver.ends_with("logging"))
}

/// Whether a builtin container's method of this name changes the container.
pub fn is_mutating_method(name: &str) -> bool {
    MUTATING_METHODS.contains(&name)
}
