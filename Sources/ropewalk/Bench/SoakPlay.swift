import Foundation
import RopewalkApp
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkModels

/// Plays a list of random events into the whole program without a terminal, and looks after each whether all is well.
struct SoakPlay {
    let events: SoakEvents
    let text: String
    let modelPath: String
    let threads: Int

    /// Bounds of the process.
    private static let mostThreads = 64
    private static let mostDescriptors = 64
    private static let mostMegabytes = 1500

    /// What went wrong at which event of the list; nil where all went well.
    func play(_ numbers: [Int]) -> String? {
        var app = started()
        for number in numbers {
            let event = events.event(number)
            if app.handle(event) == .quit {
                app.stop()
                app = started()
            }
            usleep(events.pause(number) * 1000)
            _ = app.drainMessages()
            if let fault = fault(app.frame(), of: app) { return "event \(number) (\(event)): \(fault)" }
            if app.settle(), let fault = fault(app.frame(), of: app) { return "event \(number), settled: \(fault)" }
            if number % 50 == 0, let fault = processFault { return "event \(number): \(fault)" }
        }
        app.stop()
        return nil
    }

    private func started() -> AppLoop {
        let (text, modelPath) = (text, modelPath)
        let inputs = ProgramInputs(
            loadText: { try SourceText(contentsOf: text) }, loadModel: { try Model(contentsOf: modelPath) },
            tokenise: { source, model in
                guard let tokenizer = model.tokenizer else { throw CommandError.noTokenizer(modelPath) }
                return try Document(text: source, tokenizer: tokenizer)
            }, threads: threads)
        return AppLoop(
            state: AppState(size: Size(width: 120, height: 40), tokenLimit: 3000), inputs: inputs, wake: {})
    }

    /// A screen is complete: as large as asked for, and every wide character has its second cell.
    private func fault(_ grid: Grid, of app: AppLoop) -> String? {
        guard grid.size == app.state.size else { return "a screen of \(grid.size) for \(app.state.size)" }
        for y in 0..<grid.size.height {
            var width = 0
            for x in 0..<grid.size.width { width += CellWidth.of(grid[x, y].text) }
            if width != grid.size.width { return "line \(y) has \(width) columns of \(grid.size.width)" }
        }
        return nil
    }

    private var processFault: String? {
        func count(_ folder: String) -> Int {
            (try? FileManager.default.contentsOfDirectory(atPath: folder).count) ?? 0
        }
        let (threads, descriptors) = (count("/proc/self/task"), count("/proc/self/fd"))
        if threads > Self.mostThreads { return "\(threads) threads" }
        if descriptors > Self.mostDescriptors { return "\(descriptors) open files" }
        return megabytes > Self.mostMegabytes ? "\(megabytes) MB of memory" : nil
    }

    /// Resident.
    private var megabytes: Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE))) / 1_000_000
    }
}
