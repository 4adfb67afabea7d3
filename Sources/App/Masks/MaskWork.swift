import Dispatch
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

/// Work for masks: questions about all of one, and files that hold one.
package enum MaskWork: Sendable {
    case study(MaskQuestion)
    /// Reads methods whose masks may lie in files.
    case read([String], MaskUse)
    /// Looks now and then whether files of these scenarios have changed; takes the place of what was watched before.
    case watch([Scenario])
    /// Looks at the files of methods that are being typed as `text`.
    case probe([String], text: String)
    /// Looks up what the path of a file that is being typed could become.
    case list(String, after: String)
}

/// What methods are read for.
package enum MaskUse: Equatable, Sendable {
    case scenario, comparison
    /// What was asked for at the prompt for a mask: one that fits no text is looked at by itself.
    case rule
    /// A file has changed.
    case reload(file: String)
}

/// What came of it.
package enum MaskReport: Sendable {
    case studied(MaskQuestion, MaskStudy)
    case read(Scenario, MaskUse)
    case readingFailed(String, MaskUse)
    case probed(MaskProbe, text: String)
    case listed(Completion)
    /// A file that is open can no longer be read.
    case damaged(String)
}

/// What is found in the files of methods that are being typed.
package enum MaskProbe: Sendable {
    /// They can be read; with what they hold.
    case fits(Scenario, String)
    /// They are there, and too large to be read at every key.
    case exists(String)
    case fails(String)
}

extension EffectRunner {
    /// How often files of masks are looked at: one system call a file.
    private static let lookEvery = DispatchTimeInterval.milliseconds(500)

    func job(for work: MaskWork) -> Job {
        switch work {
        case .study(let asked):
            question.withLock { $0 = asked }
            return Job(on: masks) { self.study(asked) }
        case .read(let specs, let use): return Job(on: masks) { self.readMethods(specs, use) }
        case .watch(let scenarios):
            return Job(on: masks, afterwards: { if !scenarios.isEmpty { self.lookAgain() } }) { self.watch(scenarios) }
        case .probe(let specs, let text):
            typed.withLock { $0 = text }
            return Job(on: masks) { self.probe(specs, text: text) }
        case .list(let path, let head):
            return Job(on: masks) { self.post(.masks(.listed(self.completion(of: path, after: head)))) }
        }
    }

    private func study(_ asked: MaskQuestion) {
        guard question.withLock({ $0 == asked }) else { return }
        post(.masks(.studied(asked, asked.study(loader: inputs.maskFiles?.loader))))
    }

    private func readMethods(_ specs: [String], _ use: MaskUse) {
        do throws(MethodError) {
            post(.masks(.read(try Scenario(parsing: specs, loader: inputs.maskFiles?.loader), use)))
        } catch {
            post(.masks(.readingFailed(error.description, use)))
        }
    }

    /// Of what is typed fast only the last is looked at.
    private func probe(_ specs: [String], text: String) {
        guard typed.withLock({ $0 == text }) else { return }
        post(.masks(.probed(found(specs), text: text)))
    }

    private func found(_ specs: [String]) -> MaskProbe {
        do throws(MethodError) {
            if let size = inputs.maskFiles?.size(of: specs), size > MaskFiles.probeLimit {
                let isFolder = specs.contains { $0.hasSuffix("/") }
                let kind = isFolder ? say("a folder: Tab lists it") : say("no plain file: Enter reads it")
                return .exists(size < .max ? say("\((size >> 20).grouped) MiB: Enter reads it") : kind)
            }
            let scenario = try Scenario(parsing: specs, loader: inputs.maskFiles?.loader)
            let files = scenario.windows.flatMap(\.fileWindows).map(\.stack.shapeText)
            let arrays = scenario.windows.flatMap(\.ruleArrays).map { say("an array of \($0.sizeText)") }
            return .fits(scenario, (files + arrays).joined(separator: ", "))
        } catch {
            return .fails(error.description)
        }
    }

    private func completion(of path: String, after head: String) -> Completion {
        Completion(candidates: inputs.maskFiles?.list(path) ?? [], head: head, word: path)
    }

    private func watch(_ scenarios: [Scenario]) {
        guard let files = inputs.maskFiles else { return }
        watch.withLock { state in
            state = (scenarios.isEmpty ? nil : MaskWatch(scenarios, files: files), state.generation + 1)
        }
    }

    /// Goes on until other files are watched.
    private func lookAgain() {
        guard inputs.maskFiles != nil else { return }
        let generation = watch.withLock { $0.generation }
        masks.asyncAfter(deadline: .now() + Self.lookEvery) { [weak self] in
            guard let self, self.watch.withLock({ $0.generation == generation }) else { return }
            self.lookAtMasks()
            self.lookAgain()
        }
    }

    /// Reads again what has changed, and tells of what can no longer be read.
    func lookAtMasks() {
        guard let files = inputs.maskFiles else { return }
        let (changed, scenarios) = watch.withLock { state in
            (state.watch?.changes(files: files) ?? [], state.watch?.scenarios ?? [])
        }
        for path in changed {
            for scenario in scenarios where scenario.maskFiles.contains(path) {
                readMethods(scenario.specs, .reload(file: path))
            }
        }
        for failure in watch.withLock({ $0.watch?.damages(files: files) ?? [] }) { post(.masks(.damaged(failure))) }
    }
}
