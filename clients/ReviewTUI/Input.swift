public import PhanbienCommands
public import ReviewClient
public import ReviewProtocol
public import Terminal

/// Everything that can happen to the full-screen client; the shell feeds it in.
public enum Input: Sendable {
    /// Keys were pressed, in this order.
    case keys([Key])
    /// The window has another size.
    case resized(TerminalSize)
    /// A request was answered.
    case reply(RequestIdentifier, Reply)
    /// A request could not be put into the protocol's words.
    case refused(RequestIdentifier, EncodeError)
    /// A request gets no answer, and why.
    case givenUp(RequestIdentifier, GiveUpReason)
    /// How far something large is on its way; nil when that is over.
    case transfer(Transfer?)
    /// Something happened in the log, or to the connection.
    case heard(Happening)
    /// The session is logged in and takes requests.
    case ready
    /// Another day began in Vietnam.
    case day(CalendarDay)
    /// The person left $EDITOR with this text.
    case edited(String)
    /// $EDITOR could not be used, or failed: why, and where the text is that was written in it.
    case notEdited(CommandFailure)
    /// A path was looked at.
    case visited(Visit)
    /// A file was saved, or could not be.
    case saved(Saved)
    /// What came of `Effect.sign`.
    case signed(String, Signed)
    /// What was to be kept on this machine could not be written.
    case notKept
}

/// What came of signing a manifest.
public enum Signed: Sendable, Equatable {
    /// The signature.
    case by([UInt8])
    /// Why there is none.
    case failed(Bilingual)
}

/// What came of saving a file.
public enum Saved: Sendable, Equatable {
    /// Where it is.
    case at(String)
    /// Why it is nowhere.
    case failed(Bilingual)
}

/// What the shell has to do, in the order given.
public enum Effect: Sendable, Equatable {
    /// Send a request; its reply comes back under the identifier, also after the connection was lost and made again.
    case send(RequestIdentifier, Request)
    /// Send a request after a pause that the server asked for; its reply comes back like any other.
    case sendLater(RequestIdentifier, Request, milliseconds: Milliseconds)
    /// Follow the whole log.
    case watch
    /// Keep a text that is being written, so that a crash costs nothing.
    case keepDraft(String, String)
    /// Throw a draft away: its text has arrived.
    case discardDraft(String)
    /// Keep a reply, to be read again away from the network.
    case keepReply(String, [UInt8])
    /// Throw a kept reply away.
    case forgetReply(String)
    /// Throw all kept replies away: they are of another log.
    case forgetReplies
    /// Keep a write until it is answered, under its key.
    case keepWrite(String, [UInt8])
    /// The write was answered.
    case forgetWrite(String)
    /// Let the person write in $EDITOR; `edited` follows, or `notEdited`.
    case edit(String, name: String)
    /// Look at a path of this machine, empty for the folder that was used last; `visited` follows, unless another path was to
    /// be looked at meanwhile.
    case visit(String)
    /// Put a file where the person finds it, under this name or one like it where that is taken; `saved` follows.
    case save(name: String, octets: [UInt8])
    /// The same of files in a folder of their own, all or nothing; `saved` follows.
    case saveFolder(name: String, files: [DossierDownload.File])
    /// Sign these octets, the manifest of this revision, with the person's certificate; `signed` follows.
    case sign(String, [UInt8])
    /// Remember on this machine which revision of a topic the person looked at last.
    case remember(topic: String, revision: Int)
    /// Let the person know, by bell or by a message of the desktop, what waits for them: one line.
    case ring(String)
    /// Paint everything anew.
    case repaint
    /// Stop for a while, as shells do it with Ctrl-Z.
    case suspend
    /// Leave.
    case quit
}
