import RopewalkPeers
import RopewalkPhrases

/// A model that another program, or this one, has loaded.
protocol RunningPeer: AnyObject {
    /// Names and versions, as it says them.
    var name: String { get }
    /// The largest resident set so far, units of 1,048,576 bytes.
    var peakMegabytes: Double { get }
    func answer(_ question: PeerQuestion) throws(PeerFailure) -> PeerAnswer
    func end()
}

extension Peer: RunningPeer {}

/// Another program in one of the ways that it can run a model.
struct OtherProgram {
    /// What is installed, or is not.
    enum Kind: String, Codable {
        case torch
        case llama = "llama.cpp"
    }

    let kind: Kind
    let title: String
    /// Nats by which its outputs may differ from ours.
    let tolerance: Double
    /// Whether it continues a text too.
    let continues: Bool
    /// Loads the model, with room for so many tokens.
    let start: (_ room: Int) throws(PeerFailure) -> any RunningPeer

    /// The roundings of either side: float32 adds the same numbers in another order; bfloat16 has 8 bits; llama.cpp multiplies
    /// quantised weights with states of 8 bits, and keeps keys and values as float16.
    private static let tolerances = (float32: 0.002, bfloat16: 0.05, llama: 0.5)

    /// All ways in which a model is run, in the order of the table.
    static func all(_ options: PeerOptions, model: String, threads: Int, worker: String) -> [OtherProgram] {
        var all: [OtherProgram] = []
        for type in ["float32", "bfloat16"] {
            for attention in ["sdpa", "eager"] {
                all.append(torch(options, model: model, threads: threads, worker: worker, type, attention))
            }
        }
        let llama = OtherProgram(kind: .llama, title: "llama.cpp", tolerance: tolerances.llama, continues: true) {
            (room: Int) throws(PeerFailure) -> any RunningPeer in
            try startLlama(options, model: model, threads: threads, worker: worker, room: room)
        }
        return all + [llama]
    }

    private static func torch(
        _ options: PeerOptions, model: String, threads: Int, worker: String, _ type: String, _ attention: String
    ) -> OtherProgram {
        let isSingle = type == "float32"
        return OtherProgram(
            kind: .torch, title: "torch \(attention) \(type)",
            tolerance: isSingle ? tolerances.float32 : tolerances.bfloat16, continues: isSingle && attention == "sdpa"
        ) { (room: Int) throws(PeerFailure) -> any RunningPeer in
            let settings = PeerQuestion.Settings(
                peer: "torch", model: model, threads: threads, room: room, attention: attention, type: type)
            return try Peer(
                options.interpreter, arguments: [worker], settings: settings, patience: options.patience)
        }
    }

    private static func startLlama(
        _ options: PeerOptions, model: String, threads: Int, worker: String, room: Int
    ) throws(PeerFailure) -> any RunningPeer {
        guard model.lowercased().hasSuffix(".gguf") else {
            throw .noModel(say("it reads GGUF files alone: give --model FILE.gguf"))
        }
        func bench(_ path: String) throws(PeerFailure) -> any RunningPeer {
            RunningLlamaBench(
                LlamaBench(
                    program: try ProgramPath.find(path), model: model, threads: threads, patience: options.patience))
        }
        if let named = options.llama { return try bench(named) }
        do throws(PeerFailure) {
            return try Peer(
                options.llamaInterpreter, arguments: [worker],
                settings: .init(peer: "llama", model: model, threads: threads, room: room), patience: options.patience)
        } catch {
            switch error {
            case .missing, .noProgram:
                if let found = try? bench("llama-bench") { return found }
                throw error
            default: throw error
            }
        }
    }
}

/// llama-bench, which loads the model for every run.
final class RunningLlamaBench: RunningPeer {
    let name = "llama-bench"
    private let bench: LlamaBench
    private(set) var peakMegabytes = 0.0

    init(_ bench: LlamaBench) { self.bench = bench }

    func answer(_ question: PeerQuestion) throws(PeerFailure) -> PeerAnswer {
        let count = question.count ?? 0
        let (answer, megabytes) = try bench.run(
            reading: count > 0 ? 0 : question.ids?.count ?? 0, generating: count)
        peakMegabytes = max(peakMegabytes, megabytes)
        return answer
    }

    func end() {}
}
