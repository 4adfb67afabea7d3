import Foundation

/// What a worker is asked: one line of JSON.
package struct PeerQuestion: Codable, Equatable, Sendable {
    package enum Work: String, Codable, Sendable {
        /// Loads a model, once and first.
        case load
        /// One run over `ids`.
        case read
        /// `count` more tokens after `ids`, the most probable one each time, whatever ends a text.
        case generate
    }

    /// What a worker loads, and how it runs it.
    package struct Settings: Codable, Equatable, Sendable {
        /// Which of the programs that a worker knows: `torch` or `llama`.
        package var peer: String
        /// A folder or a GGUF file.
        package var model: String
        package var threads: Int
        /// Tokens that there must be room for.
        package var room: Int
        /// `sdpa` or `eager`, for torch.
        package var attention: String?
        /// `float32` or `bfloat16`, for torch.
        package var type: String?

        package init(
            peer: String, model: String, threads: Int, room: Int, attention: String? = nil, type: String? = nil
        ) {
            self.peer = peer
            self.model = model
            self.threads = threads
            self.room = room
            self.attention = attention
            self.type = type
        }
    }

    package let work: Work
    package let settings: Settings?
    package let ids: [Int32]?
    package let count: Int?

    package static func load(_ settings: Settings) -> PeerQuestion {
        PeerQuestion(work: .load, settings: settings, ids: nil, count: nil)
    }

    package static func read(_ ids: [Int32]) -> PeerQuestion {
        PeerQuestion(work: .read, settings: nil, ids: ids, count: nil)
    }

    package static func generate(after ids: [Int32], count: Int) -> PeerQuestion {
        PeerQuestion(work: .generate, settings: nil, ids: ids, count: count)
    }

    /// Without the end of the line.
    package var line: String {
        guard let data = try? JSONEncoder().encode(self) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    /// - Returns: nil for what is no question.
    package init?(line: String) {
        guard let question = try? JSONDecoder().decode(Self.self, from: Data(line.utf8)) else { return nil }
        self = question
    }

    private init(work: Work, settings: Settings?, ids: [Int32]?, count: Int?) {
        self.work = work
        self.settings = settings
        self.ids = ids
        self.count = count
    }
}
