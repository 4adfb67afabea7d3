import Documents
import Methods
import Models

/// Work that a message asks for; a value, so that tests can say what has to happen without doing it.
public enum Effect: Sendable {
    case loadText
    case loadModel
    case tokenise(SourceText, Model)
    /// Takes the place of the run in progress, if there is one.
    case run(Scenario, Model, ids: [Int32])
    case cancelRun
    case measureCircuits(Model)
    case suspend
    case quit
}
