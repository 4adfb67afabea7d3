import RopewalkDocuments
import RopewalkModels

/// Work that opens what is read.
package enum SourceWork: Sendable {
    case loadText
    case loadModel
    case tokenise(SourceText, Model)
    /// Looks for headings and definitions.
    case outline(SourceText)
}

/// What came of it; failures with the one line that says why.
package enum SourceReport: Sendable {
    case textLoaded(SourceText)
    case textFailed(String)
    case modelLoaded(Model)
    case modelFailed(String)
    case tokenised(Document)
    case outlined(Outline)
    case tokenisingFailed(String)
}

extension EffectRunner {
    func job(for work: SourceWork) -> Job {
        switch work {
        case .loadText:
            Job(on: texts, afterwards: { self.lookAtTextAgain() }) {
                self.stampText()
                self.report {
                    .textLoaded(try self.inputs.loadText())
                } or: {
                    .textFailed($0)
                }
            }
        case .loadModel:
            Job(on: models) {
                self.report {
                    .modelLoaded(try self.inputs.loadModel())
                } or: {
                    .modelFailed($0)
                }
            }
        case .outline(let text): Job(on: texts) { self.post(.sources(.outlined(Outline(of: text)))) }
        case .tokenise(let text, let model):
            Job(on: runs) {
                self.report {
                    .tokenised(try self.inputs.tokenise(text, model))
                } or: {
                    .tokenisingFailed($0)
                }
            }
        }
    }

    private func report(_ made: () throws -> SourceReport, or failed: (String) -> SourceReport) {
        do { post(.sources(try made())) } catch { post(.sources(failed("\(error)"))) }
    }
}
