import RopewalkDocuments

/// Work that a message asks for; a value, so that tests can say what has to happen without doing it.
///
/// Each concern has its own kinds of work, and says beside them how they are done.
package indirect enum Effect: Sendable {
    case sources(SourceWork)
    case run(RunWork)
    case losses(LossWork)
    case needles(NeedleWork)
    case passages(PassageWork)
    case longTexts(LongTextWork)
    case benchmarks(BenchmarkWork)
    case second(SecondModelWork)
    case masks(MaskWork)
    case models(ModelsWork)
    case edit(EditWork)
    case generate(GenerateWork)
    case session(SessionWork)
    case kept(KeptWork)
    case memory(MemoryWork)
    /// Given to the terminal's clipboard.
    case copy(String)
    /// Another model reads the text, in a session of its own.
    case open(String)
    /// The models that are there read another text, in a session of its own.
    case read(SourceText)
    /// What something has to know before it can be done; the answer comes at once, as a message.
    case find(Inquiry)
    /// A short while in which the user may go on changing something.
    case pause(Int)
    /// Done one after the other, as a script does it.
    case play(ActionScript)
    case suspend
    /// The terminal is lent to the reader's editor.
    case editor(path: String, line: Int)
    case quit
}
