import Dispatch
import RopewalkDocuments
import RopewalkModels

/// Work for a text that changes.
package enum EditWork: Sendable {
    /// Looks now and then whether the file of the text has changed.
    case watch
    /// Reads the file again.
    case reload
    /// Tokens of another text.
    case cut(SourceText, Model, TextUse)
    case outline(SourceText)
}

/// What came of it.
package enum EditReport: Sendable {
    case changedOnDisk
    case reloaded(SourceText)
    case reloadFailed(String)
    case cut(SourceText, Document, TextUse)
    case cutFailed(String)
    /// With what went wrong.
    case editorEnded(String?)
}

extension EffectRunner {
    /// How often the file of the text is looked at: one system call.
    private static let lookEvery = DispatchTimeInterval.milliseconds(1000)

    func job(for work: EditWork) -> Job {
        switch work {
        case .watch: Job(on: texts, afterwards: { self.lookAtTextAgain() }) { self.stampText() }
        case .reload: Job(on: texts) { self.reload() }
        case .cut(let text, let model, let use): Job(on: runs) { self.cut(text, model, use) }
        case .outline(let text): Job(on: texts) { self.post(.sources(.outlined(Outline(of: text)))) }
        }
    }

    func stampText() {
        let stamp = inputs.textFile?.stamp()
        textStamp.withLock { $0 = stamp }
    }

    private func reload() {
        stampText()
        do { post(.edit(.reloaded(try inputs.loadText()))) } catch { post(.edit(.reloadFailed("\(error)"))) }
    }

    private func cut(_ text: SourceText, _ model: Model, _ use: TextUse) {
        do { post(.edit(.cut(text, try inputs.tokenise(text, model), use))) } catch {
            post(.edit(.cutFailed("\(error)")))
        }
    }

    /// Goes on as long as somebody may want to know.
    func lookAtTextAgain() {
        guard inputs.textFile != nil else { return }
        texts.asyncAfter(deadline: .now() + Self.lookEvery) { [weak self] in
            guard let self, !self.isLeft.isRaised else { return }
            self.lookAtText()
            self.lookAtTextAgain()
        }
    }

    /// Tells once of every change. A file that is gone may come back, as some editors write it.
    func lookAtText() {
        guard let stamp = inputs.textFile?.stamp() else { return }
        let isOther = textStamp.withLock { known in
            defer { known = stamp }
            return known != nil && known != stamp
        }
        if isOther { post(.edit(.changedOnDisk)) }
    }
}
