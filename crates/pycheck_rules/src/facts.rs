//! What is known of callables that many programs use: facts that several rules ask for.

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

/// Functions and classes of modules, by full name, that read their arguments only.
const PURE_CALLEES: &[&str] = &[
    "ast.dump",
    "ast.literal_eval",
    "copy.copy",
    "copy.deepcopy",
    "dataclasses.replace",
    "functools.reduce",
    "hashlib.md5",
    "hashlib.sha1",
    "hashlib.sha256",
    "inspect.signature",
    "io.BytesIO",
    "io.StringIO",
    "json.dump",
    "json.dumps",
    "marshal.dumps",
    "pickle.dump",
    "pickle.dumps",
    "pprint.pformat",
    "pprint.pprint",
    "random.choice",
    "random.choices",
    "random.sample",
    "reprlib.repr",
    "shlex.join",
    "sys.getrefcount",
    "sys.getsizeof",
    "types.MappingProxyType",
    "urllib.parse.urlencode",
    "yaml.dump",
    "yaml.safe_dump",
];

/// Modules all of whose functions read their arguments only, or copy them.
const PURE_MODULES: &[&str] = &[
    "bisect",
    "builtins.str",
    "difflib",
    "fnmatch",
    "itertools",
    "logging",
    "math",
    "numpy",
    "operator",
    "os",
    "re",
    "statistics",
    "string",
    "struct",
    "subprocess",
    "warnings",
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
        return PURE_BUILTINS.contains(&builtin) || builtin.starts_with("str.");
    }
    let in_module =
        |module: &&str| name.strip_prefix(*module).is_some_and(|rest| rest.starts_with('.'));
    PURE_CALLEES.contains(&name)
        || name.starts_with("collections.") && !name.contains("ChainMap")
        || PURE_MODULES.iter().any(in_module)
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
