import Dispatch
import RopewalkMethods

extension EffectRunner {
    /// How often files of masks are looked at: one system call a file.
    private static let lookEvery = DispatchTimeInterval.milliseconds(500)

    func study(_ asked: MaskQuestion) {
        guard question.withLock({ $0 == asked.name }) else { return }
        post(.maskStudied(asked.name, asked.study()))
    }

    func readMethods(_ specs: [String], _ use: MaskUse) {
        do throws(MethodError) {
            post(.methodsRead(try Scenario(parsing: specs, loader: inputs.maskFiles?.loader), use))
        } catch {
            post(.methodsFailed(error.description, use))
        }
    }

    func watch(_ scenarios: [Scenario], repeating: Bool) {
        guard let files = inputs.maskFiles else { return }
        let generation = watch.withLock { state in
            state = (scenarios.isEmpty ? nil : MaskWatch(scenarios, files: files), state.generation + 1)
            return state.generation
        }
        if repeating, !scenarios.isEmpty { lookAgain(generation) }
    }

    private func lookAgain(_ generation: Int) {
        masks.asyncAfter(deadline: .now() + Self.lookEvery) { [weak self] in
            guard let self, self.watch.withLock({ $0.generation == generation }) else { return }
            self.lookAtMasks()
            self.lookAgain(generation)
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
