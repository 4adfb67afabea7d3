import RopewalkModels

/// When it is measured what the heads of a model do, on 1,608 random tokens.
enum CircuitsTime: Int, Comparable, Sendable {
    /// Before the text is read, so that the first screen shows a head that does something.
    case first
    /// Behind the first tokens: measuring beside them made a reader of 135 million weights wait for twice as long.
    case behindTheBeginning
    /// Behind the whole run, which it would slow down.
    case atTheEnd

    /// - Parameter parameters: numbers of weights
    init(parameters: Int) {
        self = parameters < Recorder.slowFrom ? .first : parameters < 200_000_000 ? .behindTheBeginning : .atTheEnd
    }

    static func < (a: CircuitsTime, b: CircuitsTime) -> Bool { a.rawValue < b.rawValue }
}
