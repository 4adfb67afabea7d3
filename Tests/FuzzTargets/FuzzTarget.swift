import Foundation

/// What reads bytes that nobody vouches for. Each takes any bytes: it refuses them with a message or makes something of
/// them, and neither traps, hangs nor takes memory without bound.
package enum FuzzTarget: String, CaseIterable, Sendable {
    case safetensors, shards, gguf, configuration, masks, rules, methods, actions, texts
    case splitGGUF = "gguf-split"
    case tokenizerSettings = "tokenizer-config"
    case tokenizerJSON = "tokenizer-json"
    case sentencePiece = "tokenizer-model"
    case keyScripts = "key-scripts"
    case terminalInput = "terminal-input"
    case manifests, sessions, adapters, tiktoken, tekken, pickles
    case quantised = "quantised-models"

    /// Reads the bytes and uses what came of them.
    package func read(_ bytes: UnsafeRawBufferPointer, in folder: FuzzFolder) {
        switch self {
        case .safetensors: folder.readSafetensors(bytes)
        case .shards: folder.readShards(bytes)
        case .gguf: folder.readGGUF(bytes)
        case .splitGGUF: folder.readSplitGGUF(bytes)
        case .tokenizerSettings: folder.readTokenizerSettings(bytes)
        case .configuration: folder.readConfiguration(bytes)
        case .tokenizerJSON: folder.readTokenizer(bytes, "tokenizer.json")
        case .sentencePiece: folder.readTokenizer(bytes, "tokenizer.model")
        case .masks: folder.readMask(bytes)
        case .texts: folder.readText(bytes)
        case .rules: FuzzWords.readRule(bytes)
        case .methods: FuzzWords.readMethods(bytes)
        case .keyScripts: FuzzWords.playKeys(bytes)
        case .actions: FuzzWords.playActions(bytes)
        case .terminalInput: FuzzWords.readInput(bytes)
        case .manifests: folder.readManifest(bytes)
        case .sessions: FuzzWords.readSession(bytes)
        case .adapters: folder.readAdapter(bytes)
        case .tiktoken: folder.readTokenizer(bytes, "tokenizer.model")
        case .tekken: folder.readTokenizer(bytes, "tekken.json")
        case .pickles: folder.readPickle(bytes)
        case .quantised: folder.readQuantised(bytes)
        }
    }
}
