import RopewalkDocuments
import RopewalkMethods
import RopewalkModels

/// Work that a message asks for; a value, so that tests can say what has to happen without doing it.
package enum Effect: Sendable {
    case loadText
    case loadModel
    case tokenise(SourceText, Model)
    /// Takes the place of the run in progress, if there is one.
    case run(Scenario, Model, ids: [Int32])
    case cancelRun
    case measureCircuits(Model)
    /// What a reading loses by position on some texts.
    case measureLoss(LossQuestion, Model, texts: [[Int32]])
    case cancelLosses
    /// A short while in which the user may go on changing something.
    case pause(Int)
    case loadBeside
    /// Whether a second model cuts the text into the same tokens.
    case admitBeside(Model, Document)
    /// Records some tokens with the second model.
    case readBeside(Model, ids: [Int32])
    case study(MaskQuestion)
    /// Reads methods whose masks may lie in files.
    case readMethods([String], MaskUse)
    /// Looks now and then whether files of these scenarios have changed; takes the place of what was watched before.
    case watchMasks([Scenario])
    case suspend
    case quit
}
