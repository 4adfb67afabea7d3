import RopewalkApp
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkMethods
import RopewalkModels
import RopewalkTerminal

/// Keypresses to finished frames in one view.
struct FrameBench: Codable {
    let view: String
    let frames: Int
    let medianMilliseconds: Double
    let p99Milliseconds: Double
    let worstMilliseconds: Double
    let worstKey: String
    /// What the terminal is sent.
    let medianBytes: Double
    let largestBytes: Double

    /// Every panel zoomed to the whole screen, and all of them together; at the start, in the middle and at the far end;
    /// the map at every zoom; plain and in a preview.
    @MainActor
    static func measure(
        document: Document, model: Model, recording: Recording, size: Size
    ) throws -> [FrameBench] {
        let screen = try TerminalScreen.pseudo(size: size)
        defer { screen.close() }
        var results: [FrameBench] = []
        for specs in scenarios {
            let ready = prepared(
                document: document, model: model, recording: recording, size: size,
                scenario: try Scenario(parsing: specs))
            for (view, setUp) in views {
                var player = BenchPlayer(state: ready, screen: screen)
                try player.play(setUp, measured: false)
                for place in ["g", ": text:50% Enter", ": text:99% Enter"] {
                    try player.play(place, measured: false)
                    try player.play(keys, measured: true)
                }
                results.append(player.result(specs.first.map { "\(view), preview of \($0)" } ?? view))
            }
        }
        return try results
            + parameterChanges(on: screen) { scenario in
                prepared(document: document, model: model, recording: recording, size: size, scenario: scenario)
            }
    }

    /// A changed parameter with all panels on the screen: the first frame with the preview of the new value. What takes
    /// longer than a frame comes after it, as in the program.
    @MainActor
    private static func parameterChanges(
        on screen: TerminalScreen, state: (Scenario) -> AppState
    ) throws -> [FrameBench] {
        try changed.map { spec in
            var player = BenchPlayer(
                state: state(try Scenario(parsing: [spec])), screen: screen, isDeferring: true)
            try player.play("F5 F7 F8 : text:99% Enter", measured: false)
            for mode in ["D", "D", "D R", "R"] {
                try player.play(mode, measured: false)
                try player.play(". . , , . ,", measured: true)
            }
            return player.result("all, changing \(spec)")
        }
    }

    /// Methods of each kind of angles, a bias, a window, a selection, a kernel.
    private static let changed = [
        "yarn:factor=4", "rerope:window=256", "self-extend:group=8,window=64", "xpos", "alibi",
        "lambda:sink=4,window=512", "topk:k=64,window=256,sink=4", "performer:features=64", "retnet",
    ]

    /// Each view and the keys that leave it alone on the first screen, which shows Text, Map, Rotation and Heads.
    private static let views = [
        ("Text", "F3 F4 F6"), ("Text by readers", "F3 F4 F6 ~"), ("Text by all heads", "F3 F4 F6 & & &"),
        ("Map", "F2 F4 F6"), ("Rotation", "F2 F3 F6"), ("Mask", "F5 F2 F3 F4 F6"), ("Heads", "F2 F3 F4"),
        ("Answers: reads", "Q F2 F3 F4 F6"), ("Answers: read by", "@ F2 F3 F4 F6"),
        ("Answers: expects", "P F2 F3 F4 F6"), ("Answers: surprises", "! F2 F3 F4 F6"), ("all", "F5 F9"),
    ]

    /// What is measured: the views as recorded, and as previews of methods of each kind.
    private static let scenarios = [[], ["pi:factor=4"], ["lambda:sink=4,window=512"], ["topk:k=64,window=256,sink=4"]]

    private static let keys: String = {
        let moves = "l l h j j k Space b ) ( a A o o [ ] { } s s s x x S S v v"
        let zooms = Array(repeating: "+ l j", count: 16) + Array(repeating: "- k h", count: 16)
        return ([moves] + zooms + ["0 c", moves]).joined(separator: " ")
    }()

    /// The program as it stands when the run is finished.
    static func prepared(
        document: Document, model: Model, recording: Recording, size: Size, scenario: Scenario
    ) -> AppState {
        var state = AppState(size: size, scenario: scenario)
        for message: Message in [
            .started, .sources(.textLoaded(document.text)), .sources(.modelLoaded(model)),
            .sources(.tokenised(document)),
            .run(.finished(Recordings(recording))),
        ] {
            _ = state.update(message)
        }
        return state
    }
}

/// Plays keys on a state and a terminal, and takes the time of each.
@MainActor
struct BenchPlayer {
    var state: AppState
    let screen: TerminalScreen
    /// Whether what takes longer than a frame is left out, as in the frame after a key.
    let isDeferring: Bool
    private var answers = Answers()
    private var samples: [(key: String, milliseconds: Double, bytes: Int)] = []

    init(state: AppState, screen: TerminalScreen, isDeferring: Bool = false) {
        self.isDeferring = isDeferring
        self.state = state
        self.screen = screen
    }

    mutating func play(_ keys: String, measured: Bool) throws {
        let clock = ContinuousClock()
        for name in keys.split(separator: " ").map({ String($0) }) {
            for step in try KeyScript(parsing: name).steps {
                guard case .event(let event) = step else { continue }
                let start = clock.now
                take(Message(event))
                screen.show(answers.frame(of: state, deferring: isDeferring))
                let milliseconds = (clock.now - start) / .milliseconds(1)
                if measured { samples.append((name, milliseconds, screen.bytesOfLastFrame)) }
            }
        }
    }

    /// What takes place on the main thread; runs have ended before.
    private mutating func take(_ message: Message) {
        for effect in state.update(message) {
            if case .find(let inquiry) = effect { take(.found(answers.finding(inquiry, in: state))) }
        }
    }

    func result(_ view: String) -> FrameBench {
        let times = samples.map(\.milliseconds)
        let bytes = samples.map { Double($0.bytes) }
        let worst = samples.max { $0.milliseconds < $1.milliseconds }
        return FrameBench(
            view: view, frames: samples.count, medianMilliseconds: times.median, p99Milliseconds: times.quantile(0.99),
            worstMilliseconds: worst?.milliseconds ?? 0, worstKey: worst?.key ?? "", medianBytes: bytes.median,
            largestBytes: bytes.max() ?? 0)
    }
}
