import Foundation
import RopewalkFormats
import RopewalkPhrases

/// Where programs keep models on a machine; nothing is ever fetched.
package struct ModelPlaces: Sendable {
    /// In the order in which names are looked for.
    let stores: [any ModelStore]

    /// - Parameters:
    ///   - environment: the variables by which programs are told of other places
    ///   - home: the folder in which the usual ones lie
    package init(environment: [String: String], home: String) {
        func named(_ variables: String...) -> String? {
            variables.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }.map { path in
                path.hasPrefix("~/") ? home + path.dropFirst() : path
            }
        }
        let caches = named("XDG_CACHE_HOME") ?? home + "/.cache"
        let hub =
            named("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE") ?? named("HF_HOME").map { $0 + "/hub" }
            ?? caches + "/huggingface/hub"
        let ollama = named("OLLAMA_MODELS").map { [$0] } ?? [home + "/.ollama/models", Self.ollamaService]
        stores =
            [HuggingFaceCache(root: hub)] + ollama.map { OllamaStore(root: $0) }
            + (Self.lmStudio(home) + [caches + "/lm-studio/models"]).map { ModelFolder(.lmStudio, root: $0) }
            + [ModelFolder(.llamaCpp, root: named("LLAMA_CACHE") ?? caches + "/llama.cpp")]
    }

    /// Those of whoever runs the program.
    package static var ofThisMachine: ModelPlaces {
        let environment = ProcessInfo.processInfo.environment
        return ModelPlaces(environment: environment, home: environment["HOME"] ?? NSHomeDirectory())
    }

    /// Where Ollama keeps models when the system starts it.
    private static let ollamaService = "/usr/share/ollama/.ollama/models"

    /// LM Studio writes down where its folder is when that is not the usual one.
    private static func lmStudio(_ home: String) -> [String] {
        let pointer = try? RegularFile.map(home + "/.lmstudio-home-pointer", sizeLimit: 4096)
        let named = pointer.map { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines) }
        let usual = home + "/.lmstudio"
        return ([usual] + [named ?? ""].filter { $0.hasPrefix("/") && $0 != usual }).map { $0 + "/models" }
    }

    /// The folders that are looked into.
    package var roots: [String] { stores.map(\.root) }

    /// All models in all places, in the order of their names within a place.
    package func models() -> [PlacedModel] { stores.flatMap { $0.models() } }
}

/// A place where a program keeps models.
protocol ModelStore: Sendable {
    var place: PlacedModel.Place { get }
    /// The folder.
    var root: String { get }
    /// What lies in it, at most `PlacedModel.limit` models.
    func models() -> [PlacedModel]
    /// The model of a name without its prefix; nil where there is none.
    /// - Throws: what is wrong with it where there is one.
    func path(of name: String) throws(FormatError) -> String?
}

/// A model in one of the places.
package struct PlacedModel: Equatable, Sendable {
    package enum Place: String, Sendable, CaseIterable {
        case huggingFace = "Hugging Face"
        case ollama = "Ollama"
        case lmStudio = "LM Studio"
        case llamaCpp = "llama.cpp"

        /// What names of its models begin with; those of Hugging Face need it only where another place has the name.
        package var prefix: String {
            switch self {
            case .huggingFace: "hf:"
            case .ollama: "ollama:"
            case .lmStudio: "lmstudio:"
            case .llamaCpp: "llama.cpp:"
            }
        }
    }

    /// How many models of a place are listed.
    package static let limit = 2000

    package let place: Place
    /// By which it can be asked for.
    package let name: String
    /// The folder or the file; nil where it cannot be found.
    package let path: String?
    /// Why not.
    package let problem: String?

    init(_ place: Place, name: String, find: () throws(FormatError) -> String?) {
        self.place = place
        self.name = name
        do throws(FormatError) {
            path = try find()
            problem = path == nil ? say("it is gone") : nil
        } catch {
            path = nil
            problem = error.description
        }
    }
}

/// A name in parts that are plain names of files, as strangers may give others.
enum PlainParts {
    static func isPlain(_ name: some StringProtocol) -> Bool {
        !name.isEmpty && name != "." && name != ".." && name.utf8.count <= 255
            && !name.utf8.contains(UInt8(ascii: "/")) && !name.utf8.contains(0)
    }

    /// Nil where one of the parts is no plain name.
    static func of(_ name: some StringProtocol) -> [String]? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        return parts.count <= 16 && parts.allSatisfy { isPlain($0) } ? parts : nil
    }
}
