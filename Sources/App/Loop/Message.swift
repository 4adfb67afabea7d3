import RopewalkCellGrid

/// Something that happened: to the program, or in the work it started.
package indirect enum Message: Sendable {
    case started
    case keyPressed(Key)
    case mouseUsed(Mouse)
    case resized(Size)
    case pasted(String)
    /// The terminal has said what its background is.
    case groundSeen(Ground)
    /// By a script.
    case asked(Action)
    case sources(SourceReport)
    case run(RunReport)
    case losses(LossReport)
    case needles(NeedleReport)
    case passages(PassageReport)
    case longTexts(LongTextReport)
    case benchmarks(BenchmarkReport)
    case second(SecondModelReport)
    case masks(MaskReport)
    case models(ModelsReport)
    case edit(EditReport)
    case generated(GenerateReport)
    case kept(KeptReport)
    case memory(MemoryReport)
    /// Other sessions were closed, or forgot what they had read.
    case sessions(SessionList)
    /// A session is on the screen again; the byte for the cursor, where another one says it.
    case resumed(byte: Int?)
    case pauseEnded(Int)
    case found(Finding)

    package init(_ event: InputEvent) {
        switch event {
        case .key(let key): self = .keyPressed(key)
        case .mouse(let mouse): self = .mouseUsed(mouse)
        case .resize(let size): self = .resized(size)
        case .paste(let text): self = .pasted(text)
        case .ground(let ground): self = .groundSeen(ground)
        }
    }
}
