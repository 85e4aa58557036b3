//! Starting, stopping and cancelling: what has to be answered whatever the worker is busy with.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crossbeam_channel::{Receiver, Sender, select, unbounded};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::InitializeParams;
use rustc_hash::FxHashSet;
use serde_json::Value;

use crate::capabilities::{Client, initialized};
use crate::parent;
use crate::worker::{Event, Worker};

/// Linking follows imports by functions that call themselves.
pub(crate) const STACK_SIZE: usize = 64 * 1024 * 1024;

/// The requests that nobody waits for any more.
pub(crate) type Cancelled = Arc<Mutex<FxHashSet<RequestId>>>;

/// How far the conversation has come.
enum Stage {
    Waiting,
    Running(Running),
    Stopped,
}

/// What there is between `initialize` and `shutdown`.
struct Running {
    worker: Sender<Event>,
    cancelled: Cancelled,
    gone: Receiver<()>,
}

/// Serves a client until it leaves, and gives the exit status: 0 if it has said so before.
pub fn serve(connection: &Connection) -> u8 {
    let mut stage = Stage::Waiting;
    let never = crossbeam_channel::never();
    loop {
        let gone = if let Stage::Running(running) = &stage { &running.gone } else { &never };
        let message = select! {
            recv(connection.receiver) -> message => message,
            recv(gone) -> _ => return 1,
        };
        let Ok(message) = message else { return 1 };
        match message {
            Message::Notification(notification) if notification.method == "exit" => {
                return u8::from(!matches!(stage, Stage::Stopped));
            }
            Message::Request(request) => stage = stage.request(request, connection),
            Message::Notification(it) => stage.notification(it),
            response @ Message::Response(_) => stage.forward(response),
        }
    }
}

impl Stage {
    fn request(self, request: Request, connection: &Connection) -> Self {
        let refuse = |code, why: &str| {
            let refusal = Response::new_err(request.id.clone(), code as i32, why.to_owned());
            let _ = connection.sender.send(refusal.into());
        };
        match (&self, request.method.as_str()) {
            (Self::Waiting, "initialize") => return start(request, connection).unwrap_or(self),
            (Self::Waiting, _) => {
                refuse(ErrorCode::ServerNotInitialized, "`initialize` has to come first");
            }
            (_, "initialize") => refuse(ErrorCode::InvalidRequest, "the server runs already"),
            (Self::Running(_), "shutdown") => {
                let _ = connection.sender.send(Response::new_ok(request.id, Value::Null).into());
                return Self::Stopped;
            }
            (Self::Running(_), _) => self.forward(request.into()),
            (Self::Stopped, _) => refuse(ErrorCode::InvalidRequest, "the server is shutting down"),
        }
        self
    }

    fn notification(&self, notification: Notification) {
        let Self::Running(running) = self else { return };
        if notification.method != "$/cancelRequest" {
            return self.forward(notification.into());
        }
        let id = notification.params.get("id").cloned();
        if let Some(id) = id.and_then(|id| serde_json::from_value(id).ok()) {
            running.cancelled.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        }
    }

    fn forward(&self, message: Message) {
        if let Self::Running(running) = self {
            let _ = running.worker.send(Event::Message(message));
        }
    }
}

/// Answers `initialize` and starts the worker; `None` if the parameters can't be understood.
fn start(request: Request, connection: &Connection) -> Option<Stage> {
    let params: InitializeParams = match serde_json::from_value(request.params.clone()) {
        Ok(params) => params,
        Err(error) => {
            let code = ErrorCode::InvalidParams as i32;
            let refusal = Response::new_err(request.id, code, error.to_string());
            let _ = connection.sender.send(refusal.into());
            return None;
        }
    };
    let client = Client::new(&params, &request.params);
    let answer = Response::new_ok(request.id, initialized(&client));
    let _ = connection.sender.send(answer.into());
    let (worker, inbox) = unbounded();
    let cancelled = Cancelled::default();
    let gone = parent::watch(params.process_id);
    let sender = connection.sender.clone();
    let own = (worker.clone(), cancelled.clone());
    let run = move || Worker::new(client, params.initialization_options, sender, own).run(&inbox);
    // Without a thread nothing would ever be answered: then the client sees the process end.
    thread::Builder::new().stack_size(STACK_SIZE).spawn(run).ok()?;
    Some(Stage::Running(Running { worker, cancelled, gone }))
}
