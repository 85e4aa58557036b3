-- Drives `pycheck server` from a headless Neovim, 0.7 or newer, as an editor's user would.
--   SERVER=path/to/pycheck ROOT=folder nvim --headless --clean -n -c "luafile neovim.lua"
vim.g.loaded_python3_provider = 0 -- its look-up takes more than a second
local root, pushed, pulled, exit = vim.env.ROOT, 0, 0, nil

local function check(condition, what)
  if condition then return end
  local shown = {}
  for _, d in ipairs(vim.diagnostic.get(0)) do table.insert(shown, d.message) end
  io.stderr:write("neovim: " .. what .. "\nshown: " .. table.concat(shown, "\n") .. "\n")
  vim.cmd("cquit 1")
end
local function reported(word)
  for _, d in ipairs(vim.diagnostic.get(0)) do
    if d.message:find(word, 1, true) then return true end
  end
  return false
end
local function eventually(condition, what, patience) check(vim.wait(patience or 20000, condition, 10), what) end
local function counted(method, count)
  local handler = vim.lsp.handlers[method]
  if handler then vim.lsp.handlers[method] = function(...) count() return handler(...) end end
end
counted("textDocument/publishDiagnostics", function() pushed = pushed + 1 end)
counted("textDocument/diagnostic", function() pulled = pulled + 1 end)

vim.cmd("edit " .. root .. "/pkg/a.py")
vim.bo.filetype = "python"
local buffer = vim.api.nvim_get_current_buf()
local config = {
  name = "pycheck", cmd = { vim.env.SERVER, "server" }, root_dir = root,
  workspace_folders = { { uri = vim.uri_from_fname(root), name = "root" } },
  on_exit = function(code) exit = code end,
}
local id
if vim.lsp.start then
  id = vim.lsp.start(config)
else
  id = vim.lsp.start_client(config)
  vim.lsp.buf_attach_client(buffer, id)
end
local client = vim.lsp.get_client_by_id(id)

eventually(function() return reported("no_such_module") and reported("helpr") end, "nothing is reported")
check((pushed > 0) ~= (pulled > 0), "diagnostics come in two ways")

local range = { start = { line = 1, character = 8 }, ["end"] = { line = 1, character = 8 } }
local document = { uri = vim.uri_from_bufnr(buffer) }
local asked = { textDocument = document, range = range, context = { diagnostics = {} } }
local answer = client.request_sync("textDocument/codeAction", asked, 10000, buffer)
check(answer and #answer.result > 0, "no action is offered")

-- The missing module appears, and nobody tells the server.
local made = io.open(root .. "/no_such_module.py", "w")
made:write("x = 1\n")
made:close()
eventually(function() return not reported("no_such_module") end, "a module that appeared is not seen", 1000)
check(reported("helpr"), "too much is gone")

vim.api.nvim_buf_set_lines(buffer, 0, -1, false, { "import os", "from pkg.b import helper" })
eventually(function() return #vim.diagnostic.get(buffer) == 0 end, "what was mended is still reported")

client.stop()
eventually(function() return exit ~= nil end, "the server stays")
check(exit == 0, "the server ends with " .. tostring(exit))
vim.cmd("qall!")
