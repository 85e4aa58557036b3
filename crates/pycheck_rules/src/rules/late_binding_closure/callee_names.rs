//! The names of callees that are known, by what they do with a function or iterator.

/// A list of names, separated by white space.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names(&'static str);

impl Names {
    /// Whether the list has this name.
    pub(super) fn contains(self, name: &str) -> bool {
        self.iter().any(|known| known == name)
    }

    /// The names.
    pub(super) fn iter(self) -> impl Iterator<Item = &'static str> {
        self.0.split_ascii_whitespace()
    }
}

/// Modules with builtins and with what works like them.
pub(super) const BUILTIN_MODULES: Names =
    Names("builtins six.moves moves itertools heapq future.builtins past.builtins");

/// Look at what they are given, and keep nothing.
pub(super) const INSPECTS: Names = Names(
    "len isinstance issubclass callable id hash type hasattr print repr str bool vars dir \
    signature getsource",
);

/// Take a `key=`.
pub(super) const SORTERS: Names = Names(
    "sorted min max sort nlargest nsmallest groupby merge bisect bisect_left bisect_right \
    insort insort_left insort_right sort_values sort_index",
);

/// Those of them that call it step by step.
pub(super) const LAZY_SORTERS: Names = Names("groupby merge");

/// Call a function that they are given before they return.
pub(super) const IMMEDIATE: Names = Names(
    "raises nlargest nsmallest bisect insort warns deprecated_call timeit repeat reduce minimize minimize_scalar maximize \
    least_squares curve_fit fsolve brentq fmin apply applymap map_elements map_batches \
    map_rows map_groups transform agg aggregate pipe filter_map tree_map tree_map_with_path \
    apply_along_axis fromfunction piecewise run_until_complete getmembers copytree rmtree \
    dump dumps load loads quad solve_ivp odeint to_thread run_sync",
);

/// The same, by full names.
pub(super) const FULL_IMMEDIATE: Names = Names(
    "asyncio.run anyio.run trio.run json.dumps json.dump json.loads json.load copy.copy \
    builtins.sum builtins.any builtins.all builtins.next builtins.sorted builtins.int \
    builtins.float jax.tree.map",
);

/// Return an iterator that draws on what they are given.
pub(super) const LAZY: Names = Names(
    "map filter zip enumerate reversed iter imap ifilter izip filterfalse ifilterfalse \
    takewhile dropwhile starmap chain islice accumulate groupby cycle compress zip_longest \
    from_iterable merge tee pairwise batched tqdm",
);

/// Make a container of what they are given.
pub(super) const CONTAINERS: Names = Names(
    "list tuple set dict frozenset deque Counter OrderedDict sorted product permutations \
    combinations defaultdict",
);

/// Draw all elements and give back a value.
pub(super) const DRAINS: Names = Names(
    "sum min max any all next prod fsum reduce mean median bytes bytearray array fromiter \
    fromkeys nlargest nsmallest",
);

/// Methods that draw all elements.
pub(super) const DRAINING_METHODS: Names = Names(
    "join union intersection difference symmetric_difference issubset issuperset isdisjoint \
    intersection_update difference_update symmetric_difference_update writelines fromkeys \
    from_iterable",
);

/// Methods that put one thing into their object.
pub(super) const STORES: Names =
    Names("append appendleft add insert push put put_nowait setdefault __setitem__");

/// Methods that put all elements into their object.
pub(super) const STORES_ALL: Names = Names("extend extendleft update");

/// Return an object that refers to what they are given.
pub(super) const WRAPS: Names = Names(
    "partial partialmethod property staticmethod classmethod contextmanager \
    asynccontextmanager lru_cache cache cached_property cmp_to_key wraps MethodType \
    vectorize frompyfunc jit njit vmap grad defaultdict deepcopy SimpleNamespace Mock \
    MagicMock AsyncMock update_wrapper singledispatch closing wrap Timer",
);

/// Return their last argument where nothing else is found.
pub(super) const RETURNS_DEFAULT: Names = Names("getattr get pop next cast");

/// Run a function or coroutine beside the caller.
pub(super) const RUNS: Names = Names(
    "submit create_task ensure_future start_soon run_in_executor run_coroutine_threadsafe \
    apply_async map_async start_new_thread to_thread",
);

/// Keep a function for later.
pub(super) const KEEPS: Names =
    Names("call_soon call_soon_threadsafe call_at add_done_callback add_signal_handler setitimer");

/// The same, by full names.
pub(super) const FULL_KEEPS: Names = Names(
    "atexit.register signal.signal weakref.finalize sys.settrace sys.setprofile \
    threading.settrace threading.setprofile sys.addaudithook",
);

/// Words that begin the names of callees which keep what they are given.
pub(super) const KEEPING_FIRST_WORDS: Names = Names(
    "add append appendleft push put insert connect bind on register subscribe submit schedule \
    defer attach hook listen observe watch spawn enqueue install",
);

/// Words that end them.
pub(super) const KEEPING_LAST_WORDS: Names = Names(
    "callback callbacks errback handler handlers hook listener later soon observer connect \
    subscribe register",
);

/// Decorators that give back the function, or an object in its place, and keep nothing.
pub(super) const PLAIN_DECORATORS: Names = Names(
    "wraps lru_cache cache cached_property staticmethod classmethod property contextmanager \
    asynccontextmanager jit njit vmap grad no_grad inference_mode enable_grad given settings \
    example override final overload abstractmethod total_ordering dataclass singledispatch \
    coroutine skip skipif skipIf skipUnless parametrize usefixtures expectedFailure xfail \
    patch object setter getter vectorize guvectorize update_wrapper runtime_checkable unique \
    define attrs frozen s inlineCallbacks deferredGenerator retry timeit profile cfunc \
    kernel function compile script errstate custom_jvp custom_vjp checkpoint remat \
    eager_mode callback synchronized locked shard_map pmap pallas_call when run_scoped \
    fori_loop while_loop cond",
);

/// Decorators that keep the function.
pub(super) const REGISTERING_DECORATORS: Names = Names(
    "route get post put delete patch websocket command group task event listener tool middleware \
     errorhandler exception_handler receiver subscriber route_handler",
);

/// Names of callees that keep what they are given, as a whole.
pub(super) const KEEPING_NAMES: Names = Names(
    "after after_idle call_when_running callWhenRunning trace trace_add trace_variable singleShot \
     single_shot invoke_later CallAfter idle_add timeout_add run_later",
);
