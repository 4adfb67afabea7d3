import Foundation
import RopewalkApp
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkModels

/// How long until the text can be read.
struct StartBench: Codable {
    /// From the start of a process to its end where it has nothing to do: loading the program and its libraries.
    let processMilliseconds: Double
    /// From the first line of the program to a frame with the text on it.
    let textMilliseconds: Double

    /// - Parameter load: the model as the other measurements have it, with its adapter and what is done to its weights
    static func measure(
        path: String, modelPath: String, size: Size, load: @escaping @Sendable () throws -> Model
    ) throws -> StartBench {
        let clock = ContinuousClock()
        let process = try processMilliseconds()
        var text: [Double] = []
        for _ in 0..<9 {
            let opened = clock.now
            open(path: path, modelPath: modelPath, size: size, load: load)
            text.append((clock.now - opened) / .milliseconds(1))
        }
        return StartBench(processMilliseconds: process, textMilliseconds: text.median)
    }

    /// How long the program takes that has nothing to do, the median of nine times.
    static func processMilliseconds() throws -> Double {
        let clock = ContinuousClock()
        return try (0..<9).map { _ in
            let start = clock.now
            try launch()
            return (clock.now - start) / .milliseconds(1)
        }.median
    }

    private static func launch() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["--version"]
        process.standardOutput = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            let reason = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
            throw CommandError.content(
                file: "ropewalk --version",
                problem:
                    "cannot be started: \(reason.localizedDescription): where a limit is set (ulimit -v), allow more")
        }
        process.waitUntilExit()
    }

    /// Opens the text as the interactive program does, with the model on its way in the background.
    private static func open(
        path: String, modelPath: String, size: Size, load: @escaping @Sendable () throws -> Model
    ) {
        let arrived = DispatchSemaphore(value: 0)
        let inputs = ProgramInputs(
            loadText: { try SourceText(contentsOf: path) }, loadModel: load,
            tokenise: { _, _ in throw CommandError.noTokenizer(modelPath) })
        var app = AppLoop(state: AppState(size: size), inputs: inputs) { arrived.signal() }
        defer { app.stop() }
        while app.state.sources.text.value == nil, app.state.sources.text.failure == nil {
            arrived.wait()
            _ = app.drainMessages()
        }
        _ = app.frame()
    }
}
