import RopewalkCellGrid
import RopewalkDocuments
import RopewalkMethods
import RopewalkModels
import RopewalkTokenizers
import TestSupport

@testable import RopewalkApp

/// A text with the sample model's tokens, and states that show it.
enum Samples {
    static let prose = """
        Alice was beginning to get very tired. She sat by her sister on the bank! What was the use of a book?

        “Without pictures,” thought Alice, “or conversations?” The White Rabbit ran close by her.
        There was nothing so very remarkable in that; nor did Alice think it so very much out of the way.

        孔子曰：學而時習之，不亦說乎？有朋自遠方來，不亦樂乎？

        The rabbit took a watch out of its pocket, and looked at it, and then hurried on. Alice started to her feet.
        """

    static let tokenizer = Result { try Tokenizer(contentsOf: modelPath + "/tokenizer.json") }
    static let model = Result { try Model(contentsOf: modelPath) }
    static let modelPath = Fixture.project.appendingPathComponent("samples/books-4m").path

    static func document(_ text: String = prose) throws -> Document {
        try Document(text: SourceText(text, name: "alice.txt"), tokenizer: tokenizer.get())
    }

    /// A state with text and tokens, without a model.
    static func state(width: Int = 120, height: Int = 40, text: String = prose) throws -> AppState {
        var state = AppState(size: Size(width: width, height: height))
        let document = try document(text)
        _ = state.update(.sources(.textLoaded(document.text)))
        _ = state.update(.sources(.tokenised(document)))
        return state
    }

    /// A state with text, tokens and the sample model, nothing recorded.
    static func stateWithModel(width: Int = 120, height: Int = 40) throws -> AppState {
        var state = try state(width: width, height: height)
        _ = state.update(.sources(.modelLoaded(try model.get())))
        return state
    }

    static func inputs(text: String = prose) -> ProgramInputs {
        ProgramInputs(
            loadText: { try SourceText(text, name: "alice.txt") }, loadModel: { try model.get() },
            tokenise: { text, _ in try Document(text: text, tokenizer: tokenizer.get()) })
    }

    /// The program with text and model, read.
    static func player(_ size: Size = Size(width: 120, height: 40)) throws -> ScreenPlayer {
        try ScreenPlayer(state: AppState(size: size), inputs: inputs())
    }
}

extension AppState {
    /// Plays keys by their names; the effects of all of them.
    @discardableResult
    mutating func press(_ names: String) throws -> [Effect] {
        var effects: [Effect] = []
        for step in try KeyScript(parsing: names).steps {
            if case .event(let event) = step { effects += take(Message(event)) }
        }
        return effects
    }

    /// As the loop does: what an action has to know first is found out at once. The other effects.
    @discardableResult
    mutating func take(_ message: Message) -> [Effect] {
        update(message).flatMap { effect -> [Effect] in
            guard case .find(let inquiry) = effect else { return [effect] }
            var answers = Answers()
            return take(.found(answers.finding(inquiry, in: self)))
        }
    }

    /// The cells with the state's answers.
    func draw() -> Grid {
        var answers = Answers()
        return answers.frame(of: self)
    }

    /// The text of the cursor's token.
    var cursorText: String {
        sources.document.value.map { String(decoding: $0.bytes(ofToken: focus.cursor), as: UTF8.self) } ?? ""
    }
}

extension Effect {
    /// The kind of effect and what it runs, for comparison.
    var label: String {
        switch self {
        case .sources(.loadText): "loadText"
        case .sources(.loadModel): "loadModel"
        case .sources(.tokenise): "tokenise"
        case .sources(.outline): "outline"
        case .run(.start(let scenario, _, let ids, _, _, _)):
            "run \(scenario.specs.joined(separator: " ")) \(ids.count)"
        case .run(.begin(_, _, let ids, _)): "begin \(ids.count)"
        case .run(.cancel): "cancelRun"
        case .run(.measureCircuits): "measureCircuits"
        case .losses(.measure(let question, _, let excerpts)):
            "measureLoss \(question.scenario.shortLine) \(excerpts.texts.count)x\(excerpts.texts.first?.count ?? 0)"
        case .losses(.ablate(let question, _, let ids)): "ablate \(question.scenario.shortLine) \(ids.count)"
        case .losses(.cancel): "cancelLosses"
        case .needles(.read(_, _, _, known: let known)): "readNeedles \(known.count)"
        case .needles(.open): "openNeedle"
        case .needles(.cancel): "cancelNeedles"
        case .passages(.find(let ask)): "find \(ask.pattern)"
        case .passages(.read(_, _, let done)): "readChunks \(done)"
        case .passages(.cancel): "cancelPassages"
        case .longTexts(.measure): "measureText"
        case .longTexts(.read(_, _, _, let starts)): "readPieces \(starts.count)"
        case .longTexts(.cancel): "cancelText"
        case .benchmarks(.list): "listBenchmarks"
        case .benchmarks(.ask(_, _, let done)): "askQuestions \(done)"
        case .benchmarks(.open(_, _, let index)): "openQuestion \(index)"
        case .benchmarks(.cancel): "cancelQuestions"
        case .second(.load): "loadBeside"
        case .second(.open(let path)): "openBeside \(path)"
        case .models(.list): "listModels"
        case .edit(.watch): "watchText"
        case .edit(.reload): "reload"
        case .edit(.cut): "cut"
        case .edit(.outline): "outline"
        case .generate(.start(let task, _)): "generate \(task.ids.count)"
        case .session: "session"
        case .kept(.save(let file)): "save \(file.path)"
        case .kept(.saveRecording): "saveRecording"
        case .kept(.refuse(let why)): "refuse \(why)"
        case .kept(.readNotes(let path)): "readNotes \(path)"
        case .memory(.read(let path, _, _)): "memory \(path)"
        case .copy(let text): "copy \(text)"
        case .editor(let path, let line): "edit \(path) \(line)"
        case .open(let path): "open \(path)"
        case .read(let text): "read \(text.bytes.count) bytes"
        case .second(.admit): "admitBeside"
        case .second(.read): "readBeside"
        case .second(.cancel): "cancelBeside"
        case .masks(.study): "study"
        case .masks(.read(let specs, _)): "read \(specs.joined(separator: " "))"
        case .masks(.watch(let scenarios)): "watch \(scenarios.flatMap(\.maskFiles).joined(separator: " "))"
        case .masks(.probe(_, let text)): "probe \(text)"
        case .masks(.list(let path, _)): "list \(path)"
        case .pause: "pause"
        case .find: "find"
        case .suspend: "suspend"
        case .play(let script): "play \(script.steps.count)"
        case .quit: "quit"
        }
    }
}
