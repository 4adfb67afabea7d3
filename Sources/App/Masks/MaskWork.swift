import Dispatch
import RopewalkLens
import RopewalkMethods
import RopewalkViews

/// Work for masks: questions about all of one, and files that hold one.
package enum MaskWork: Sendable {
    case study(MaskQuestion)
    /// Reads methods whose masks may lie in files.
    case read([String], MaskUse)
    /// Looks now and then whether files of these scenarios have changed; takes the place of what was watched before.
    case watch([Scenario])
}

/// What methods are read for.
package enum MaskUse: Equatable, Sendable {
    case scenario, comparison
    /// A file has changed.
    case reload(file: String)
}

/// What came of it.
package enum MaskReport: Sendable {
    case studied(MaskQuestion, MaskStudy)
    case read(Scenario, MaskUse)
    case readingFailed(String, MaskUse)
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
        }
    }

    private func study(_ asked: MaskQuestion) {
        guard question.withLock({ $0 == asked }) else { return }
        post(.masks(.studied(asked, asked.study())))
    }

    private func readMethods(_ specs: [String], _ use: MaskUse) {
        do throws(MethodError) {
            post(.masks(.read(try Scenario(parsing: specs, loader: inputs.maskFiles?.loader), use)))
        } catch {
            post(.masks(.readingFailed(error.description, use)))
        }
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

    /// Reads again what has changed.
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
    }
}
