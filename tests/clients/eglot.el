;;; Drives `pycheck server' from Emacs through eglot, as an editor's user would.  -*- lexical-binding: t -*-
;;   SERVER=path/to/pycheck ROOT=folder emacs --batch -Q -l eglot.el
;; Emacs before 29 has no eglot of its own, and -Q hides the one that Debian installs.
(unless (locate-library "eglot")
  (let ((folder "/usr/share/emacs/site-lisp/elpa"))
    (when (file-directory-p folder)
      (dolist (package (directory-files folder t "^[a-z]")) (push package load-path)))))
(require 'eglot)
(require 'flymake)
(require 'cl-lib)

(defun shown () (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))
(defun reported (word) (cl-some (lambda (text) (string-match-p word text)) (shown)))
(defun check (condition what)
  (unless condition
    (message "eglot: %s\nshown: %s" what (shown))
    (kill-emacs 1)))
(defun eventually (condition what &optional patience)
  (let ((end (+ (float-time) (or patience 20))) done)
    (while (and (not (setq done (funcall condition))) (< (float-time) end))
      (accept-process-output nil 0.01)
      ;; Batch Emacs sees changed files only while it reads input.
      (read-event nil nil 0.01)
      (flymake-start))
    (check done what)))

(let ((root (file-name-as-directory (getenv "ROOT"))))
  (setq eglot-sync-connect 20 eglot-connect-timeout 20 eglot-autoshutdown nil
        create-lockfiles nil make-backup-files nil
        eglot-server-programs `((python-mode . (,(getenv "SERVER") "server"))))
  (find-file (concat root "pkg/a.py"))
  (python-mode)
  (apply #'eglot (eglot--guess-contact))
  (unless (bound-and-true-p eglot--managed-mode) (eglot--managed-mode 1))
  (flymake-mode 1)
  (eventually (lambda () (and (reported "no_such_module") (reported "helpr"))) "nothing is reported")
  (write-region "x = 1\n" nil (concat root "no_such_module.py") nil 'quiet)
  (eventually (lambda () (not (reported "no_such_module"))) "a module that appeared is not seen" 1.5)
  (check (reported "helpr") "too much is gone")
  (erase-buffer)
  (insert "import os\nfrom pkg.b import helper\n")
  (eglot--signal-textDocument/didChange)
  (eventually (lambda () (null (flymake-diagnostics))) "what was mended is still reported")
  (set-buffer-modified-p nil)
  (let ((process (jsonrpc--process (eglot-current-server))))
    (ignore-errors (eglot-shutdown (eglot-current-server) nil 5))
    (eventually (lambda () (not (process-live-p process))) "the server stays"))
  (kill-emacs 0))
