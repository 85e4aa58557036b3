//! Everything but the conversation's frame: one thread that owns the sessions and does one thing after
//! the other.
//!
//! All that has come while it was busy is taken together, so that of fifty edits only what they come
//! to is checked.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{MessageType, ShowMessageParams};
use pycheck_project::{Change, Linked, Watcher};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use serde_json::Value;

use crate::capabilities::Client;
use crate::diagnostics::Converter;
use crate::documents::Documents;
use crate::lifecycle::{Cancelled, STACK_SIZE};
use crate::settings::Settings;
use crate::workspaces::{Workspace, Workspaces};

/// How long the client may take to tell its settings before we start without.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the worker hears of.
pub(crate) enum Event {
    Message(Message),
    /// Something happened to these files and folders.
    Disk(Vec<PathBuf>),
    /// The files of the workspace of this number were put together, if nothing failed.
    Linked(u64, Option<Linked>),
}

/// How far the start has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// The client has not said that it is ready.
    Expected,
    /// The client was asked for its settings; at this time we go on without.
    Asked(Instant),
    Done,
}

/// The state of the server.
pub(crate) struct Worker {
    pub(crate) client: Client,
    pub(crate) documents: Documents,
    pub(crate) workspaces: Workspaces,
    /// What was set when the client connected, or later for all folders.
    pub(crate) settings: Settings,
    pub(crate) start: Start,
    /// Requests that came before there was a session to answer from.
    waiting: Vec<Request>,
    /// The documents that the last messages were about.
    pub(crate) touched: FxHashSet<PathBuf>,
    /// Files that are not open, whose diagnostics were sent.
    pub(crate) shown_closed: FxHashSet<PathBuf>,
    /// What was asked of the client, by number: the folders that it has to tell the settings of.
    pub(crate) asked: FxHashMap<RequestId, Vec<PathBuf>>,
    next_id: i32,
    sender: Sender<Message>,
    cancelled: Cancelled,
    /// Where we leave ourselves messages.
    own: Sender<Event>,
    watcher: Watcher,
    /// What the user was told already.
    told: FxHashSet<String>,
}

impl Worker {
    pub(crate) fn new(
        client: Client,
        options: Option<Value>,
        sender: Sender<Message>,
        (own, cancelled): (Sender<Event>, Cancelled),
    ) -> Self {
        let inbox = own.clone();
        let notice = move |paths| {
            let _ = inbox.send(Event::Disk(paths));
        };
        let mut worker = Self {
            documents: Documents::new(client.encoding),
            client,
            workspaces: Workspaces::default(),
            settings: Settings::default(),
            start: Start::Expected,
            waiting: Vec::new(),
            touched: FxHashSet::default(),
            shown_closed: FxHashSet::default(),
            asked: FxHashMap::default(),
            next_id: 1,
            sender,
            cancelled,
            own,
            watcher: Watcher::new(notice),
            told: FxHashSet::default(),
        };
        worker.settings = worker.read_settings(&options.unwrap_or_default());
        worker
    }

    /// Works until nobody sends anything any more.
    pub(crate) fn run(mut self, inbox: &Receiver<Event>) {
        loop {
            let event = match self.start {
                Start::Asked(until) => inbox.recv_deadline(until),
                _ => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match event {
                Ok(event) => self.take(event),
                Err(RecvTimeoutError::Timeout) => self.start = Start::Done,
                Err(RecvTimeoutError::Disconnected) => return,
            }
            while let Ok(event) = inbox.try_recv() {
                self.take(event);
            }
            self.settle();
        }
    }

    /// Takes one event; a request is answered with all that came before it taken into account.
    fn take(&mut self, event: Event) {
        match event {
            Event::Disk(paths) => self.note_disk(&paths),
            Event::Linked(number, linked) => self.linked(number, linked),
            Event::Message(Message::Request(request)) if self.start == Start::Done => {
                self.settle();
                self.answer_in_time(request);
            }
            Event::Message(Message::Request(request)) => self.waiting.push(request),
            Event::Message(Message::Notification(it)) => self.hear(it),
            Event::Message(Message::Response(response)) => self.answered(response),
        }
    }

    /// A notification; one that makes us fail is passed over.
    fn hear(&mut self, notification: Notification) {
        let method = notification.method.clone();
        let heard = catch_unwind(AssertUnwindSafe(|| self.notification(notification)));
        match heard {
            Ok(Ok(())) => {}
            Ok(Err(error)) => self.log(&format!("{method}: {error}")),
            Err(_) => self.log(&format!("{method}: pycheck failed on this; please report it")),
        }
    }

    /// Answers a request, also if answering fails.
    fn answer(&mut self, request: Request) {
        let id = request.id.clone();
        let is_cancelled =
            self.cancelled.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        if is_cancelled {
            let code = ErrorCode::RequestCanceled as i32;
            return self.send(Response::new_err(id, code, "nobody waits for it".to_owned()));
        }
        let method = request.method.clone();
        let answer = catch_unwind(AssertUnwindSafe(|| self.request(request)));
        let failed = || {
            let code = ErrorCode::InternalError as i32;
            let message = format!("pycheck failed on `{method}`; please report it");
            Response::new_err(id, code, message)
        };
        self.send(answer.unwrap_or_else(|_| failed()));
    }

    /// Brings the sessions up to what is known, and shows what comes of it.
    pub(crate) fn settle(&mut self) {
        if self.start != Start::Done {
            return;
        }
        let settled = catch_unwind(AssertUnwindSafe(|| self.bring_up_to_date()));
        if settled.is_err() {
            // What is half done is thrown away and made anew with the next event.
            self.workspaces.all.iter_mut().for_each(|workspace| workspace.session = None);
            self.tell(MessageType::ERROR, "pycheck failed and starts anew; please report it");
        }
        for request in std::mem::take(&mut self.waiting) {
            self.answer_in_time(request);
        }
    }

    /// Diagnostics are answered when all is known: what comes later would have to be asked for again.
    fn answer_in_time(&mut self, request: Request) {
        let asks_all = ["textDocument/diagnostic", "workspace/diagnostic"];
        let is_settled = || self.workspaces.all.iter().all(Workspace::is_settled);
        if !asks_all.contains(&request.method.as_str()) || is_settled() {
            self.answer(request);
        } else {
            self.waiting.push(request);
        }
    }

    fn bring_up_to_date(&mut self) {
        let mut files: FxHashSet<PathBuf> = FxHashSet::default();
        let mut has_looked = false;
        for index in 0..self.workspaces.all.len() {
            if self.workspaces.all[index].session.is_none() {
                self.open(index);
                let documents = self.documents.all().into_iter();
                files.extend(documents.map(|document| document.path.clone()));
                let session = self.workspaces.all[index].session.iter();
                let found = session.flat_map(pycheck_project::Session::diagnostics);
                files.extend(found.map(|found| found.path.to_path_buf()));
                has_looked = true;
            }
            let applied = self.workspaces.all[index].take();
            has_looked |= applied.is_linked;
            files.extend(applied.files.iter().map(|path| path.to_path_buf()));
            if let Some(error) = applied.error {
                self.tell(MessageType::ERROR, &format!("{error}"));
            }
        }
        let touched = std::mem::take(&mut self.touched);
        self.show(files, &touched);
        if has_looked {
            self.watch();
        }
        self.start_linking();
    }

    /// Has another thread do what is left to do, so that typing is never waited for.
    fn start_linking(&mut self) {
        for workspace in &mut self.workspaces.all {
            let Some(job) = workspace.job() else { continue };
            let (number, own) = (workspace.number, self.own.clone());
            let run = move || {
                let linked = catch_unwind(AssertUnwindSafe(|| job.run())).ok();
                let _ = own.send(Event::Linked(number, linked));
            };
            if thread::Builder::new().stack_size(STACK_SIZE).spawn(run).is_err() {
                let _ = self.own.send(Event::Linked(number, None));
            }
        }
    }

    /// Takes what came of putting the files together, and shows it.
    fn linked(&mut self, number: u64, linked: Option<Linked>) {
        let workspace = self.workspaces.all.iter_mut().find(|it| it.number == number);
        let Some(workspace) = workspace else { return };
        let has_failed = linked.is_none();
        let applied = workspace.adopt(linked);
        if has_failed {
            // Made anew with the next event, with fresh memory of the disk.
            workspace.session = None;
            self.tell(MessageType::ERROR, "pycheck failed and starts anew; please report it");
        }
        if applied.is_linked {
            let files = applied.files.iter().map(|path| path.to_path_buf()).collect();
            self.show(files, &FxHashSet::default());
            self.watch();
        }
    }

    /// Opens the session of a workspace with the documents that lie in it.
    fn open(&mut self, index: usize) {
        let workspace = &mut self.workspaces.all[index];
        let problem = workspace.open();
        let notes: Vec<String> =
            workspace.session.iter().flat_map(|it| it.notes().to_vec()).collect();
        let own = |path: &Path| self.workspaces.get(path).map(|it| &it.folder);
        let folder = &self.workspaces.all[index].folder;
        let documents = self.documents.all().into_iter();
        let documents = documents.filter(|document| own(&document.path) == Some(folder));
        let texts = documents.map(|it| (it.path.clone(), it.text.content.clone()));
        let texts: Vec<(PathBuf, Arc<str>)> = texts.collect();
        let workspace = &mut self.workspaces.all[index];
        for (path, text) in texts {
            workspace.hold(path, text);
        }
        if let Some(problem) = problem {
            self.tell(MessageType::ERROR, &problem);
        }
        for note in notes {
            self.log(&note);
        }
    }

    /// Has the folders watched that decide what imports find.
    fn watch(&mut self) {
        let sessions =
            self.workspaces.all.iter().filter_map(|workspace| workspace.session.as_ref());
        let folders: Vec<PathBuf> = sessions.flat_map(pycheck_project::Session::watched).collect();
        let missed = self.watcher.watch(folders);
        if !missed.is_empty() {
            let _ = self.own.send(Event::Disk(missed));
        }
    }

    /// Hands changes on the disk to all sessions, since each may look anywhere.
    pub(crate) fn note_disk(&mut self, paths: &[PathBuf]) {
        for workspace in &mut self.workspaces.all {
            workspace.pending.extend(paths.iter().cloned().map(Change::Disk));
        }
    }

    /// Makes the workspaces of the open folders anew.
    pub(crate) fn reopen(&mut self) {
        let settings = &self.settings;
        self.workspaces.reopen(&self.client.folders, settings);
        for document in self.documents.all() {
            self.workspaces.of(&document.path, settings);
        }
    }

    /// The folder in which documents would lie that were never saved.
    pub(crate) fn home(&self) -> PathBuf {
        let here = || std::env::current_dir().unwrap_or_default();
        self.client.folders.first().cloned().unwrap_or_else(here)
    }

    /// Makes diagnostics of the session that checks a file.
    pub(crate) fn converter(&self, path: &Path) -> Option<Converter<'_>> {
        let workspace = self.workspaces.get(path)?;
        let shows_info = workspace.settings.show_info.unwrap_or(true);
        let session = workspace.session.as_ref()?;
        Some(Converter::new(session, &self.documents, &self.client, shows_info))
    }

    /// Reads settings; tells the user when they can't be understood.
    pub(crate) fn read_settings(&mut self, value: &Value) -> Settings {
        Settings::read(value).unwrap_or_else(|problem| {
            self.tell(MessageType::ERROR, &format!("the settings of pycheck: {problem}"));
            self.settings.clone()
        })
    }

    /// Waits for the settings of these folders, for a while.
    pub(crate) fn expect_settings(&mut self, id: RequestId, folders: Vec<PathBuf>) {
        self.asked.insert(id, folders);
        if self.start != Start::Done {
            self.start = Start::Asked(Instant::now() + PATIENCE);
        }
    }

    /// Shows the user something, once.
    pub(crate) fn tell(&mut self, typ: MessageType, message: &str) {
        if self.told.insert(message.to_owned()) {
            let params = ShowMessageParams { typ, message: message.to_owned() };
            self.notify("window/showMessage", params);
        }
    }

    /// Writes into the client's log.
    pub(crate) fn log(&self, message: &str) {
        let params = ShowMessageParams { typ: MessageType::LOG, message: message.to_owned() };
        self.notify("window/logMessage", params);
    }

    pub(crate) fn notify(&self, method: &str, params: impl Serialize) {
        self.send(Notification::new(method.to_owned(), params));
    }

    /// Asks the client for something.
    pub(crate) fn ask(&mut self, method: &str, params: impl Serialize) -> RequestId {
        let id = RequestId::from(self.next_id);
        self.next_id += 1;
        self.send(Request::new(id.clone(), method.to_owned(), params));
        id
    }

    fn send(&self, message: impl Into<Message>) {
        let _ = self.sender.send(message.into());
    }
}
