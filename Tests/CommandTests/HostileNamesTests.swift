import Foundation
import TestSupport
import Testing

/// Names of files and what is in them never speak to the terminal: no escapes, no controls, no reordering, in data, in
/// errors, in files that are written.
struct HostileNamesTests {
    static let hostile = "a\u{1B}]0;x\u{7}\u{1B}[2J\u{9B}31m\u{202E}b\u{2066}\r\u{8}\u{7F}z"

    /// Where a text has something that a terminal would obey, or that reorders a line.
    static func fault(_ text: String) -> String? {
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A: continue
            case 0...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
                return "U+" + String(scalar.value, radix: 16) + " in " + text.debugDescription.prefix(400)
            default: continue
            }
        }
        return nil
    }

    static let commands: [[String]] = [
        ["info", "MODEL"], ["info", "MODEL", "--json"], ["info", "MISSING"], ["tokens", "TEXT", "--model", "MODEL"],
        ["tokens", "TEXT", "--model", "MODEL", "--json"], ["tokens", "MISSING", "--model", "MODEL"],
        ["tokens", "TEXT", "--model", "MISSING"],
        ["compare", "TEXT", "--model", "MODEL", "--method", "window:size=8", "--tokens", "40"],
        ["compare", "TEXT", "--model", "MODEL", "--method", "file:MASK", "--tokens", "40"],
        ["compare", "TEXT", "--model", "MODEL", "--method", "file:MISSING"],
        ["compare", "TEXT", "--model", "MODEL", "--method", "window:size=8", "--tokens", "40", "--grid", "js"],
        [
            "needle", "TEXT", "--model", "MODEL", "--method", "file:MASK", "--lengths", "40", "--depths", "0",
            "--seeds", "0",
        ],
        ["needle", "TEXT", "--model", "MODEL", "--lengths", "64", "--depths", "50", "--seeds", "0", "--json"],
        ["needle", "TEXT", "--model", "MODEL", "--show", "80,50,0"], ["needle", "--task", "NAME"],
        ["needle", "TEXT", "--model", "MODEL", "--lengths", "64", "--depths", "0", "--seeds", "0", "--out", "MASK"],
        [
            "needle", "TEXT", "--model", "MODEL", "--needle", "NAME", "--question", "NAME", "--answer", "NAME",
            "--show",
            "120,50,0",
        ],
        [
            "circuits", "TEXT", "--model", "MODEL", "--lengths", "64", "--depths", "50", "--seeds", "0", "--excerpt",
            "32",
        ],
        [
            "circuits", "TEXT", "--model", "MODEL", "--method", "file:MASK", "--lengths", "40", "--depths", "0",
            "--seeds", "0", "--json",
        ],
        [
            "circuits", "TEXT", "--model", "MODEL", "--needle", "NAME", "--question", "NAME", "--answer", "NAME",
            "--lengths", "120", "--depths", "0", "--seeds", "0", "--all", "--excerpt", "32", "--ablate", "1", "--draws",
            "1",
        ],
        ["circuits", "MISSING"], ["circuits", "--task", "NAME"], ["circuits", "--measure", "NAME"],
        ["needle", "MISSING"], ["perplexity", "TEXT", "--model", "MODEL", "--window", "16"], ["perplexity", "MISSING"],
        ["perplexity", "TEXT", "--model", "MODEL", "--method", "file:MASK", "--tokens", "40", "--json"],
        ["perplexity", "TEXT", "--model", "MISSING"],
        ["mask", "file:MASK"], ["mask", "file:MASK", "--format", "json"], ["mask", "file:MASK", "--format", "svg"],
        ["mask", "file:MISSING"], ["mask", "NAME"], ["mask", "file:TEXT"], ["methods", "NAME"], ["NAME"],
        ["heads", "--model", "MODEL", "--tokens", "40"], ["heads", "--model", "MISSING"],
        ["rope", "--model", "MODEL"], ["rope", "--model", "MISSING"],
        ["render", "TEXT", "--model", "MODEL", "--tokens", "40"], ["render", "TEXT", "--keys", "NAME"],
        ["render", "TEXT", "--model", "MODEL", "--tokens", "40", "--method", "file:MASK"],
        ["render", "TEXT", "--model", "MODEL", "--tokens", "40", "--panel", "map", "--format", "svg"],
        ["render", "TEXT", "--panel", "NAME", "--format", "svg"],
        ["render", "TEXT", "--model", "MODEL", "--tokens", "40", "--panel", "text", "--format", "html"],
        ["render", "TEXT", "--tokens", "40", "--format", "png", "--out", "MISSING/x"],
        ["render", "--out", "TEXT", "TEXT"],
        ["record", "TEXT", "--model", "MODEL", "--tokens", "40", "--out", "FOLDER/out"],
        ["record", "TEXT", "--model", "MODEL", "--tokens", "40", "--out", "MISSING"],
        ["record", "MISSING", "--model", "MODEL", "--out", "NAME"],
        ["recordings"], ["recordings", "--json"], ["recordings", "NAME"], ["recordings", "--clear", "NAME"],
        ["ask", "entropy", "TEXT", "--model", "MODEL", "--tokens", "40", "--cache", "NAME"],
        ["ask", "entropy", "--attention", "MASK", "--attention-tokens", "TEXT"],
        ["ask", "entropy", "--attention", "MISSING", "--attention-tokens", "TEXT"],
        ["ask", "entropy", "--attention", "MASK", "--attention-tokens", "MISSING"],
        ["ask", "entropy", "--attention", "MASK", "--attention-tokens", "TEXT", "--attention-name", "NAME"],
        ["render", "--attention", "MASK", "--attention-tokens", "TEXT"],
        ["trace", "TEXT", "--model", "MODEL", "--tokens", "40", "--out", "FOLDER"],
        ["trace", "MISSING", "--model", "MODEL", "--out", "FOLDER"],
        ["generate", "TEXT", "--model", "MODEL", "--count", "2"], ["generate", "MISSING", "--model", "MODEL"],
        ["generate", "--prompt", "NAME", "--model", "MODEL", "--count", "2", "--stop", "NAME", "--json"],
        ["open", "TEXT", "--model", "MODEL"], ["open", "MISSING"], ["open", "TEXT", "--model", "MISSING"],
        ["render", "--session", "SESSION"], ["render", "--session", "SESSION", "--model", "MODEL"],
        ["render", "--session", "SESSION", "--keys", "Ctrl-O"], ["open", "--session", "MISSING"],
        ["open", "--session", "TEXT"],
        ["bench", "MISSING"], ["bench", "TEXT", "--model", "MODEL", "--tokens", "64"],
        ["bench", "TEXT", "--model", "MODEL", "--tokens", "64", "--peers", "--rounds", "1", "--python", "NAME"],
        ["bench", "--soak-play", "MISSING", "--seed", "1"], ["models"], ["models", "--json"],
        ["info", "MODEL", "--adapter", "MISSING"], ["tokens", "--ids", "MISSING", "--model", "MODEL"],
        ["mask", "file:FEW", "--check"], ["mask", "--file", "FEW", "--explain"],
        ["mask", "file:FEW", "--axes", "NAME"],
        ["mask", "file:MASK", "--diff", "file:MISSING"], ["mask", "file:MASK", "--check", "--expect", "NAME"],
        ["mask", "--suite", "SUITE"], ["mask", "--suite", "SUITE", "--format", "junit"],
        ["mask", "--suite", "SUITE", "--format", "github"], ["mask", "--suite", "SUITE", "--format", "sarif"],
        ["mask", "--suite", "MISSING"], ["mask", "--expression", "NAME"], ["mask", "causal", "--out", "MISSING/x"],
        ["ask", "keys", "TEXT", "--model", "MODEL", "--at", "9", "--head", "0.0"],
        ["ask", "keys", "TEXT", "--model", "MODEL", "--at", "9", "--head", "0.0", "--format", "csv"],
        ["ask", "readers", "TEXT", "--model", "MODEL", "--key", "9", "--head", "0.0", "--format", "json"],
        ["ask", "heads", "TEXT", "--model", "MODEL", "--at", "30", "--key", "NAME"],
        ["ask", "next", "TEXT", "--model", "MODEL", "--at", "9"],
        ["lesson", "NAME"], ["methods", "--tokens", "9", "--model", "MISSING"],
        ["ask", "word", "TEXT", "--model", "MODEL", "--at", "9", "--head", "0.0"],
        ["ask", "flash", "TEXT", "--model", "MODEL", "--head", "0.0"],
        ["ask", "mixer", "TEXT", "--model", "MODEL"],
        ["ask", "lsh", "TEXT", "--model", "MODEL", "--head", "0.0", "--method", "lsh"],
        ["ask", "paged", "TEXT", "--model", "MODEL", "--fork", "3", "--show", "NAME"],
        ["ask", "experts", "TEXT", "--model", "MODEL"],
        ["ask", "computed", "TEXT", "--model", "MODEL", "--at", "9"],
        ["ask", "levels", "TEXT", "--model", "MODEL", "--head", "0.0", "--method", "hibert"],
        ["ask", "memory", "TEXT", "--model", "MODEL", "--head", "0.0", "--show", "nearest", "--memory", "TEXT"],
        ["ask", "memory", "TEXT", "--model", "MODEL", "--head", "0.0", "--show", "next", "--memory", "MISSING"],
        ["ask", "rollout", "TEXT", "--model", "MODEL", "--at", "9", "--flow"],
        ["ask", "rollout", "TEXT", "--model", "MODEL", "--among", "NAME"],
        ["heads", "TEXT", "--model", "MODEL", "--tokens", "40", "--measures"],
        ["heads", "TEXT", "--model", "MODEL", "--tokens", "40", "--needle", "3-9", "--count", "2"],
        ["ask", "layers", "TEXT", "--model", "MODEL", "--at", "9"], ["ask", "entropy", "TEXT", "--model", "MODEL"],
        ["ask", "received", "TEXT", "--model", "MODEL"],
        ["ask", "received", "TEXT", "--model", "MODEL", "--heads", "NAME"],
        ["ask", "sentences", "TEXT", "--model", "MODEL", "--head", "0.0"],
        ["ask", "sentences", "TEXT", "--model", "MODEL", "--head", "0.0", "--format", "json"],
        ["ask", "paragraphs", "TEXT", "--model", "MODEL", "--head", "0.0", "--format", "csv"],
        ["evaluate", "TEXT"], ["evaluate", "MISSING"], ["evaluate", "QUESTIONS", "--model", "MODEL"],
        ["evaluate", "QUESTIONS", "--model", "MODEL", "--out", "FOLDER/r.jsonl", "--json"],
        ["evaluate", "QUESTIONS", "--dataset", "NAME"], ["evaluate", "QUESTIONS", "--prompts", "TEXT"],
        ["evaluate", "QUESTIONS", "--dictionary", "FOLDER"],
        ["data", "TEXT", "--model", "MODEL"], ["data", "FOLDER", "--without-model", "--metrics"], ["data", "MISSING"],
        ["data", "TEXT", "--without-model", "--domain", "NAME", "--json"], ["data", "TEXT", "--reference", "TEXT"],
        ["data", "TEXT", "--keep", "NAME"], ["data", "--plan", "99", "--model", "MISSING"],
        ["retrieve", "TEXT", "sister", "--model", "MODEL"], ["retrieve", "TEXT", "NAME", "--model", "MODEL", "--json"],
        ["retrieve", "TEXT", "--at", "20", "--model", "MODEL", "--chunk", "8", "--by", "both"],
        ["retrieve", "TEXT", "sister", "--words", "5", "--prompt"], ["retrieve", "MISSING", "x"],
        ["retrieve", "--corpus", "FOLDER", "sister", "--words", "5"],
        ["retrieve", "TEXT", "sister", "--words", "5", "--index", "TEXT"],
        ["ask", "surprises", "TEXT", "--model", "MODEL"], ["ask", "surprises", "MISSING"], ["ask", "NAME"],
    ]

    /// Every command that help lists is among them.
    @Test func everyCommandIsTried() throws {
        for above in [[], ["ask"]] {
            let help = try CommandRun(above + ["--help"])
            let listed = help.output.components(separatedBy: "SUBCOMMANDS:\n").last ?? ""
            let names = listed.split(separator: "\n").filter {
                $0.hasPrefix("  ") && $0.dropFirst(2).first?.isLetter == true
            }
            .compactMap { $0.split(separator: " ").first.map(String.init) }.filter { $0 != "See" }
            #expect(names.count >= 5)
            for name in names {
                #expect(Self.commands.contains { $0.starts(with: above + [name]) }, "\(above) \(name)")
            }
        }
    }

    @Test(arguments: commands) func nothingReachesTheTerminal(_ words: [String]) throws {
        let scratch = try Scratch()
        let folder = scratch.path(Self.hostile)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let (text, model, mask) = (folder + "/t\u{1B}[31m", folder + "/m\u{9B}1m", folder + "/k\u{202E}")
        let (few, suite) = (folder + "/f\u{1B}[0m\u{2067}", scratch.path("suite.json"))
        try Data("Alice \(Self.hostile) was beginning to get very tired of sitting by her sister.\n".utf8)
            .write(to: URL(fileURLWithPath: text))
        let samples = Fixture.project.appendingPathComponent("samples/books-4m").path
        try FileManager.default.createSymbolicLink(atPath: model, withDestinationPath: samples)
        let rows = (0..<40).map { row in (0..<40).map { $0 <= row ? "1" : "0" }.joined() }
        try Data(rows.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: mask))
        // Masks of few queries are told of beside the answer.
        try Data(rows.suffix(10).joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: few))
        let cases = ["file:" + mask, "file:" + folder + "/no", Self.hostile].map {
            ["mask": $0, "name": Self.hostile, "expect": "window=3"]
        }
        try JSONSerialization.data(withJSONObject: cases).write(to: URL(fileURLWithPath: suite))
        let session = try Self.session(in: scratch)
        let questions = folder + "/q\u{1B}[7m.jsonl"
        let question: [String: Any] = [
            "input": Self.hostile, "context": "Paragraph 1: \(Self.hostile)", "answers": ["Paragraph 1"],
            "_id": Self.hostile,
            "dataset": "passage_retrieval_en",
        ]
        let lines = [try JSONSerialization.data(withJSONObject: question), Data("{\"\(Self.hostile)\": 1}".utf8)]
        try Data(lines.joined(separator: [0x0A])).write(to: URL(fileURLWithPath: questions))
        let places = [
            "SESSION": session, "QUESTIONS": questions, "TEXT": text, "MODEL": model, "MASK": mask, "FEW": few,
            "SUITE": suite,
            "MISSING": folder + "/no",
            "NAME": Self.hostile,
            "FOLDER": folder,
        ]
        let arguments = words.map { word in
            places.reduce(word) { $0.replacingOccurrences(of: $1.key, with: $1.value) }
        }
        let run = try CommandRun(arguments)
        // 1: a check of a mask that has faults.
        #expect([0, 2].contains(run.status) || run.status == 1 && words[0] == "mask", "\(words): \(run.errors)")
        #expect(Self.fault(run.output) == nil, "\(words)")
        #expect(Self.fault(run.errors) == nil, "\(words)")
    }

    /// A session with such words wherever it has any.
    private static func session(in scratch: Scratch) throws -> String {
        let place: [String: Any] = ["byte": 3, "word": hostile, "before": hostile]
        let text: [String: Any] = [
            "text": ["content": "a b c \(hostile) d e f", "name": hostile],
            "notes": [["place": place, "note": hostile]], "marks": [["letter": "a", "cursor": place]], "cursor": place,
        ]
        let session: [String: Any] = [
            "format": "ropewalk session", "version": 1, "screen": ["focused": "text"], "texts": [text, text],
        ]
        let path = scratch.path("w\u{1B}[31m.json")
        try JSONSerialization.data(withJSONObject: session).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// A GGUF file with such words in all that it says of itself.
    private static func gguf(architecture: String) -> Data {
        var builder = GGUFBuilder()
        builder.add("general.architecture", architecture)
        builder.add("general.name", hostile)
        builder.add("general.\(hostile)", hostile)
        let sizes = [
            "embedding_length": 8, "block_count": 1, "feed_forward_length": 16, "attention.head_count": 2,
            "context_length": 64,
        ]
        for (key, size) in sizes.sorted(by: { $0.key < $1.key }) { builder.add("\(architecture).\(key)", size) }
        builder.add("\(architecture).attention.layer_norm_rms_epsilon", Float(0.5))
        builder.add("\(architecture).rope.scaling.type", hostile)
        builder.add("tokenizer.ggml.model", hostile)
        builder.add("tokenizer.ggml.tokens", [hostile, "a", "b"])
        builder.add(hostile, shape: [4, 8], Array(repeating: 1, count: 32))
        builder.add("token_embd.weight", shape: [3, 8], Array(repeating: 1, count: 24))
        return builder.data()
    }

    @Test(arguments: [
        ["info", "MODEL"], ["info", "MODEL", "--json"], ["tokens", "TEXT", "--model", "MODEL"],
        ["tokens", "TEXT", "--model", "MODEL", "--json"], ["rope", "--model", "MODEL"], ["heads", "--model", "MODEL"],
        ["render", "TEXT", "--model", "MODEL"], ["trace", "TEXT", "--model", "MODEL", "--out", "FOLDER/out"],
    ]) func metadataOfAGGUFFileNeither(_ words: [String]) throws {
        for architecture in ["llama", Self.hostile] {
            let scratch = try Scratch()
            let model = try scratch.file("m.gguf", Self.gguf(architecture: architecture))
            let text = try scratch.file("t.txt", "ab ba")
            let places = ["TEXT": text, "MODEL": model, "FOLDER": scratch.folder.path]
            let run = try CommandRun(
                words.map { word in places.reduce(word) { $0.replacingOccurrences(of: $1.key, with: $1.value) } })
            #expect(run.status == 0 || run.status == 2, "\(words): \(run.errors)")
            #expect(Self.fault(run.output) == nil, "\(words)")
            #expect(Self.fault(run.errors) == nil, "\(words)")
        }
    }
}
