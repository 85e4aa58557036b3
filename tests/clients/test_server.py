"""Speaks to `pycheck server` as real editors do, by what they announce of themselves.

SERVER=path/to/pycheck python -m pytest test_server.py
"""

import asyncio
import os

import pytest
import pytest_lsp
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

PROFILES = ["visual-studio-code", "neovim@v0.7.0", "neovim@v0.11.0", "emacs@v29.1"]
SERVER = [os.environ["SERVER"], "server"]


@pytest.fixture
def workspace(tmp_path):
    package = tmp_path / "pkg"
    package.mkdir()
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "p"\nversion = "1"\n')
    (package / "__init__.py").write_text("")
    (package / "b.py").write_text("def helper():\n    return 1\n")
    (package / "a.py").write_text("import no_such_module\nfrom pkg.b import helpr\n")
    return tmp_path


@pytest_lsp.fixture(params=PROFILES, config=ClientServerConfig(server_command=SERVER))
async def client(request, lsp_client: LanguageClient, workspace):
    lsp_client.folder = workspace
    lsp_client.set_configuration({})
    folder = lsp.WorkspaceFolder(uri=workspace.as_uri(), name="folder")
    lsp_client.answer = await lsp_client.initialize_session(
        lsp.InitializeParams(
            capabilities=client_capabilities(request.param),
            process_id=os.getpid(),
            root_uri=workspace.as_uri(),
            workspace_folders=[folder],
        )
    )
    yield
    await lsp_client.shutdown_session()


def open_document(client, uri, text):
    document = lsp.TextDocumentItem(uri=uri, language_id="python", version=1, text=text)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=document))


def change(client, uri, text):
    document = lsp.VersionedTextDocumentIdentifier(uri=uri, version=2)
    whole = lsp.TextDocumentContentChangeWholeDocument(text=text)
    client.text_document_did_change(
        lsp.DidChangeTextDocumentParams(text_document=document, content_changes=[whole])
    )


async def eventually(client, uri, wanted, patience=15.0):
    """Waits for diagnostics, which are asked for where the server offers that, and else come."""
    document = lsp.TextDocumentIdentifier(uri=uri)
    loop = asyncio.get_running_loop()
    end = loop.time() + patience
    while loop.time() < end:
        if client.answer.capabilities.diagnostic_provider:
            params = lsp.DocumentDiagnosticParams(text_document=document)
            items = (await client.text_document_diagnostic_async(params)).items
        else:
            items = client.diagnostics.get(uri, [])
        if wanted(items):
            return items
        await asyncio.sleep(0.02)
    raise AssertionError([item.message for item in items])


@pytest.mark.asyncio
async def test_open_edit_and_close(client):
    path = client.folder / "pkg" / "a.py"
    open_document(client, path.as_uri(), path.read_text())
    items = await eventually(client, path.as_uri(), lambda items: len(items) == 2)
    assert {item.code for item in items} == {"unresolved-import", "unresolved-import-name"}
    assert all(item.source == "pycheck" for item in items)
    change(client, path.as_uri(), "")
    await eventually(client, path.as_uri(), lambda items: not items)
    if client.answer.capabilities.diagnostic_provider:
        assert not client.diagnostics


@pytest.mark.asyncio
async def test_a_module_that_appears_is_seen(client):
    path = client.folder / "pkg" / "a.py"
    open_document(client, path.as_uri(), path.read_text())
    await eventually(client, path.as_uri(), lambda items: len(items) == 2)
    (client.folder / "no_such_module.py").write_text("")
    await eventually(client, path.as_uri(), lambda items: len(items) == 1, 1.0)


@pytest.mark.asyncio
async def test_columns_behind_a_character_of_four_bytes(client):
    uri = (client.folder / "c.py").as_uri()
    open_document(client, uri, '"\U0001f600"; import no_such_module\n')
    items = await eventually(client, uri, lambda items: items)
    encoding = client.answer.capabilities.position_encoding or "utf-16"
    width = {"utf-8": 4, "utf-16": 2, "utf-32": 1}[getattr(encoding, "value", encoding)]
    assert items[0].range.start.character == width + len('""; import ')


@pytest.mark.asyncio
async def test_what_is_not_known_is_refused(client):
    with pytest.raises(Exception) as error:
        await asyncio.wait_for(client.protocol.send_request_async("textDocument/nothing", {}), 5)
    assert error.value.code == -32601
