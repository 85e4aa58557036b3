//! Which modules a distribution provides, where nothing installed can be asked.

use super::normalized_name;

/// Distributions by normalised name, sorted, with top-level modules that the name does not tell.
const KNOWN: &[(&str, &[&str])] = &[
    ("antlr4-python3-runtime", &["antlr4"]),
    ("apache-airflow", &["airflow"]),
    ("apache-flink", &["pyflink"]),
    ("argon2-cffi", &["argon2"]),
    ("attrs", &["attr"]),
    ("autobahn", &["twisted"]),
    ("aws-sam-translator", &["samtranslator"]),
    ("beautifulsoup4", &["bs4"]),
    ("biopython", &["Bio", "BioSQL"]),
    ("brotlipy", &["brotli"]),
    ("cattrs", &["cattr"]),
    ("cffi", &["_cffi_backend"]),
    ("cfn-lint", &["cfnlint"]),
    ("cupy-cuda11x", &["cupy", "cupyx"]),
    ("cupy-cuda12x", &["cupy", "cupyx"]),
    ("cython", &["pyximport"]),
    ("django-allauth", &["allauth"]),
    ("django-cors-headers", &["corsheaders"]),
    ("django-crispy-forms", &["crispy_forms"]),
    ("django-debug-toolbar", &["debug_toolbar"]),
    ("django-environ", &["environ"]),
    ("django-filter", &["django_filters"]),
    ("django-guardian", &["guardian"]),
    ("django-model-utils", &["model_utils"]),
    ("django-mptt", &["mptt"]),
    ("django-oauth-toolkit", &["oauth2_provider"]),
    ("django-phonenumber-field", &["phonenumber_field"]),
    ("django-polymorphic", &["polymorphic"]),
    ("django-reversion", &["reversion"]),
    ("django-storages", &["storages"]),
    ("django-stubs", &["mypy_django_plugin"]),
    ("django-taggit", &["taggit"]),
    ("djangorestframework", &["rest_framework"]),
    ("djangorestframework-simplejwt", &["rest_framework_simplejwt"]),
    ("dm-tree", &["tree"]),
    ("dnspython", &["dns"]),
    ("factory-boy", &["factory"]),
    ("faiss-cpu", &["faiss"]),
    ("faiss-gpu", &["faiss"]),
    ("gdal", &["ogr", "osgeo", "osgeo_utils", "osr"]),
    ("gitpython", &["git"]),
    ("google-api-python-client", &["apiclient", "googleapiclient"]),
    ("graphql-core", &["graphql"]),
    ("grpcio", &["grpc"]),
    ("grpcio-health-checking", &["grpc_health"]),
    ("grpcio-reflection", &["grpc_reflection"]),
    ("grpcio-status", &["grpc_status"]),
    ("grpcio-tools", &["grpc_tools"]),
    ("hydra-core", &["hydra"]),
    ("imbalanced-learn", &["imblearn"]),
    ("line-bot-sdk", &["linebot"]),
    ("matplotlib", &["mpl_toolkits", "pylab"]),
    ("memory-profiler", &["mprof"]),
    ("mkdocs-material", &["material"]),
    ("mypy", &["mypyc"]),
    ("mysql-connector-python", &["mysql"]),
    ("mysqlclient", &["MySQLdb"]),
    ("nvidia-ml-py", &["pynvml"]),
    ("odfpy", &["odf"]),
    ("open3d-cpu", &["open3d"]),
    ("openai-whisper", &["whisper"]),
    ("opencc-python-reimplemented", &["opencc"]),
    ("opencv-contrib-python", &["cv2"]),
    ("opencv-contrib-python-headless", &["cv2"]),
    ("opencv-python", &["cv2"]),
    ("opencv-python-headless", &["cv2"]),
    ("paho-mqtt", &["paho"]),
    ("pdfminer-six", &["pdfminer"]),
    ("pillow", &["PIL"]),
    ("pillow-simd", &["PIL"]),
    ("pip-tools", &["piptools"]),
    ("progressbar2", &["progressbar"]),
    ("protobuf", &["google"]),
    ("psycopg2-binary", &["psycopg2"]),
    ("pycryptodome", &["Crypto"]),
    ("pycryptodomex", &["Cryptodome"]),
    ("pydispatcher", &["pydispatch"]),
    ("pygobject", &["gi", "pygtkcompat"]),
    ("pymupdf", &["fitz"]),
    ("pyobjc-core", &["PyObjCTools", "objc"]),
    ("pyobjc-framework-cocoa", &["AppKit", "Cocoa", "CoreFoundation", "Foundation"]),
    ("pyqtwebengine", &["PyQt5"]),
    ("pyside6", &["shiboken6"]),
    ("pysocks", &["sockshandler"]),
    ("pytest", &["_pytest", "py"]),
    ("pytest-runner", &["ptr"]),
    ("python-json-logger", &["pythonjsonlogger"]),
    ("python-ldap", &["ldapurl", "ldif", "slapdtest"]),
    ("python-lsp-jsonrpc", &["pylsp_jsonrpc"]),
    ("python-lsp-server", &["pylsp"]),
    ("python-memcached", &["memcache"]),
    ("python-telegram-bot", &["telegram"]),
    (
        "pywin32",
        &[
            "_win32typing",
            "pythoncom",
            "pythonwin",
            "pywintypes",
            "servicemanager",
            "win32api",
            "win32clipboard",
            "win32com",
            "win32con",
            "win32event",
            "win32file",
            "win32gui",
            "win32pipe",
            "win32print",
            "win32process",
            "win32security",
            "win32service",
            "win32serviceutil",
            "win32ui",
            "winerror",
        ],
    ),
    ("pywin32-ctypes", &["win32ctypes"]),
    ("pyyaml", &["_yaml"]),
    ("rpi-gpio", &["RPi"]),
    ("ruamel-yaml-clib", &["_ruamel_yaml"]),
    ("scikit-image", &["skimage"]),
    ("scikit-learn", &["sklearn"]),
    ("scikit-optimize", &["skopt"]),
    ("scikit-plot", &["scikitplot"]),
    ("setuptools", &["_distutils_hack", "distutils", "pkg_resources"]),
    ("slack-sdk", &["slack"]),
    ("slackclient", &["slack"]),
    ("speechrecognition", &["speech_recognition"]),
    ("speedtest-cli", &["speedtest"]),
    ("tensorflow", &["tensorboard"]),
    ("tensorflow-cpu", &["tensorflow"]),
    ("tensorflow-gpu", &["tensorflow"]),
    ("tensorflow-intel", &["tensorflow"]),
    ("tensorflow-macos", &["tensorflow"]),
    ("terminaltables3", &["terminaltables"]),
    ("torch", &["caffe2", "functorch", "torchgen"]),
    ("umap-learn", &["umap"]),
    ("unittest-xml-reporting", &["xmlrunner"]),
    ("usd-core", &["pxr"]),
    ("websocket-client", &["websocket"]),
    ("wxpython", &["wx"]),
];

/// Distributions, sorted, and others that come with them in any case and are often imported without
/// being declared.
const NEEDS: &[(&str, &[&str])] = &[
    ("aiohttp", &["aiosignal", "attrs", "frozenlist", "multidict", "yarl"]),
    ("boto3", &["botocore", "jmespath", "s3transfer"]),
    ("celery", &["amqp", "billiard", "kombu", "vine"]),
    ("django", &["asgiref", "sqlparse"]),
    ("djangorestframework", &["django"]),
    ("fastapi", &["anyio", "pydantic", "starlette"]),
    ("flask", &["blinker", "click", "itsdangerous", "jinja2", "werkzeug"]),
    ("geopandas", &["pandas", "pyproj", "shapely"]),
    ("httpx", &["anyio", "certifi", "h11", "httpcore", "idna"]),
    ("hypothesis", &["sortedcontainers"]),
    ("ipython", &["pygments", "traitlets"]),
    ("jinja2", &["markupsafe"]),
    ("keras", &["numpy"]),
    ("matplotlib", &["cycler", "numpy", "packaging", "pillow", "pyparsing", "python-dateutil"]),
    ("mkdocs", &["click", "jinja2", "markdown", "pyyaml"]),
    ("pandas", &["numpy", "python-dateutil", "pytz"]),
    ("pydantic", &["annotated-types", "pydantic-core", "typing-extensions"]),
    ("pytest", &["iniconfig", "packaging", "pluggy"]),
    ("requests", &["certifi", "charset-normalizer", "idna", "urllib3"]),
    ("rich", &["markdown-it-py", "pygments"]),
    ("scikit-learn", &["joblib", "numpy", "scipy", "threadpoolctl"]),
    ("scipy", &["numpy"]),
    (
        "scrapy",
        &["cssselect", "lxml", "parsel", "pydispatcher", "twisted", "w3lib", "zope-interface"],
    ),
    ("seaborn", &["matplotlib", "numpy", "pandas"]),
    (
        "sphinx",
        &["babel", "docutils", "jinja2", "packaging", "pygments", "requests", "snowballstemmer"],
    ),
    ("sqlalchemy", &["greenlet", "typing-extensions"]),
    ("starlette", &["anyio"]),
    ("statsmodels", &["numpy", "pandas", "patsy", "scipy"]),
    ("tensorflow", &["keras", "numpy"]),
    ("torchvision", &["numpy", "pillow", "torch"]),
    ("transformers", &["huggingface-hub", "numpy", "safetensors", "tokenizers", "tqdm"]),
    ("twisted", &["attrs", "zope-interface"]),
    ("typer", &["click", "rich"]),
    ("uvicorn", &["click", "h11"]),
];

/// The distributions that come with one, and with those; without that one.
pub(super) fn needs(distribution: &str) -> Vec<&'static str> {
    let direct = |name: &str| {
        let row = NEEDS.binary_search_by(|(known, _)| (*known).cmp(name)).ok();
        row.map_or(&[][..], |index| NEEDS[index].1)
    };
    let mut all: Vec<&'static str> = direct(distribution).to_vec();
    let mut next = 0;
    while let Some(name) = all.get(next) {
        let further = direct(name).iter().filter(|name| !all.contains(name));
        let further: Vec<&'static str> = further.copied().collect();
        all.extend(further);
        next += 1;
    }
    all
}

/// First parts of names that are namespaces: `google-cloud-storage` puts its code into `google`.
const NAMESPACES: &[&str] = &[
    "aws-cdk",
    "azure",
    "backports",
    "collective",
    "dogpile",
    "google",
    "jaraco",
    "keyrings",
    "logilab",
    "llama-index",
    "nvidia",
    "opentelemetry",
    "paste",
    "plone",
    "repoze",
    "ruamel",
    "snowflake",
    "sphinxcontrib",
    "tencentcloud",
    "zc",
    "zope",
];

/// Prefixes and suffixes that a distribution's name may have and its module's may not.
const PREFIXES: &[&str] = &["python-", "python3-", "py-", "py", "django-", "apache-"];
const SUFFIXES: &[&str] =
    &["-python", "-python3", "-py", "-py3", "-binary", "-cpu", "-gpu", "-sdk"];

/// The top-level modules that a distribution provides, or may provide by its name. Their case is
/// that of the name, which is not always the module's.
pub fn provides(distribution: &str) -> Vec<String> {
    let name = normalized_name(distribution);
    let known =
        KNOWN.binary_search_by(|(known, _)| (*known).cmp(&name)).map(|index| KNOWN[index].1);
    let mut modules: Vec<String> =
        known.unwrap_or_default().iter().map(|module| (*module).to_owned()).collect();
    let namespaces = NAMESPACES.iter().filter(|namespace| {
        name.strip_prefix(**namespace).is_some_and(|rest| rest.starts_with('-'))
    });
    modules.extend(namespaces.map(|namespace| namespace.replace('-', "_")));
    let without_prefix = PREFIXES.iter().filter_map(|prefix| name.strip_prefix(prefix));
    let without_suffix = SUFFIXES.iter().filter_map(|suffix| name.strip_suffix(suffix));
    let shortened = without_prefix.chain(without_suffix).filter(|short| !short.is_empty());
    for module in std::iter::once(name.as_str()).chain(shortened) {
        modules.push(module.replace('-', "_"));
        // Some leave the hyphens out.
        modules.push(module.replace('-', ""));
    }
    modules.sort();
    modules.dedup();
    modules
}

#[cfg(test)]
mod tests {
    use super::{KNOWN, NEEDS, needs, provides};

    #[test]
    fn the_table_is_sorted_so_that_a_search_finds_every_row() {
        assert!(KNOWN.is_sorted_by_key(|(name, _)| name));
        assert!(NEEDS.is_sorted_by_key(|(name, _)| name));
    }

    #[test]
    fn what_comes_with_a_distribution_comes_with_others() {
        assert!(needs("flask").contains(&"markupsafe"));
        assert!(needs("nothing-known").is_empty());
    }

    #[test]
    fn well_known_distributions_have_modules_of_other_names() {
        for (distribution, module) in [
            ("PyYAML", "yaml"),
            ("beautifulsoup4", "bs4"),
            ("Pillow", "PIL"),
            ("scikit_learn", "sklearn"),
            ("opencv-python", "cv2"),
            ("python-dateutil", "dateutil"),
            ("protobuf", "google"),
            ("attrs", "attr"),
            ("attrs", "attrs"),
            ("google-cloud-storage", "google"),
            ("zope.component", "zope"),
            ("typing_extensions", "typing_extensions"),
            ("pytest-mock", "pytest_mock"),
            ("pymysql", "mysql"),
            ("psycopg2-binary", "psycopg2"),
            ("pyserial", "serial"),
        ] {
            assert!(provides(distribution).iter().any(|name| name == module), "{distribution}");
        }
        assert!(!provides("requests").contains(&"yaml".to_owned()));
    }
}
