import RopewalkPhrases

/// What is wrong with a file of weights or settings; `description` is the one line a user reads.
public enum FormatError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file cannot be opened or read.
    case unreadable(file: String, reason: String)
    /// The file cannot be written; nothing of it is left.
    case unwritable(file: String, reason: String)
    /// The file is larger than what such a file may be, in bytes.
    case tooLarge(file: String, bytes: Int, limit: Int)
    /// A git-lfs pointer in place of a file of `size` bytes.
    case pointer(file: String, size: Int)
    /// Another program made the file shorter while it was in use.
    case cutShort(file: String)
    /// JSON that cannot be read; lines count from 1.
    case json(file: String, line: Int, problem: String)
    /// The header of a file of tensors that cannot be right; `byte` counts from the start of the file.
    case header(file: String, byte: Int, problem: String)
    /// A file that is whole, but of a kind that is not read; `problem` says which, and what to do.
    case kind(file: String, problem: String)
    /// A tensor whose entry cannot be right; `byte` is where its data would begin in the file.
    case tensor(file: String, tensor: String, byte: Int, problem: String)
    /// A tensor that is asked for and not there.
    case missingTensor(file: String, tensor: String)
    /// A folder without weights that can be read; `problem` says what to do.
    case noCheckpoint(folder: String, problem: String)
    /// Weights of torch.save where none are read.
    case pickle(file: String)
    /// A file that is one of several parts, which do not go together.
    case parts(file: String, problem: String)
    /// An index of shards that contradicts the folder.
    case shard(index: String, shard: String, problem: String)

    /// One line: the file, the place in it, and what is wrong there.
    public var description: String {
        switch self {
        case .unreadable(let file, let reason): say("\(file): cannot be read: \(reason)")
        case .unwritable(let file, let reason): say("\(file): cannot be written: \(reason)")
        case .tooLarge(let file, let bytes, let limit):
            say("\(file): \(bytes) bytes are more than the \(limit) that such a file may have")
        case .pointer(let file, let size):
            say(
                """
                \(file): is a git-lfs pointer and not the file of \(size) bytes itself: run git lfs pull in its \
                folder, or fetch that file
                """)
        case .cutShort(let file):
            say(
                """
                \(file): became shorter while it was in use, so what was computed with it is wrong; open it \
                again when it is whole
                """)
        case .json(let file, let line, let problem): say("\(file): line \(line): \(problem)")
        case .header(let file, let byte, let problem):
            say("\(file): byte \(byte): \(problem); the file is damaged or of another kind, fetch it again")
        case .kind(let file, let problem): "\(file): \(problem)"
        case .tensor(let file, let tensor, let byte, let problem):
            say("\(file): tensor \(Self.quoted(tensor)) at byte \(byte): \(problem)")
        case .missingTensor(let file, let tensor): say("\(file): has no tensor \(Self.quoted(tensor))")
        case .noCheckpoint(let folder, let problem): "\(folder): \(problem)"
        case .pickle(let file):
            say(
                """
                \(file): holds PyTorch pickles, which are read as pytorch_model.bin alone: give them that name, \
                or \(Self.conversion)
                """)
        case .parts(let file, let problem): "\(file): \(problem)"
        case .shard(let index, let shard, let problem): say("\(index): shard \(Self.quoted(shard)): \(problem)")
        }
    }

    /// How weights in another form become safetensors.
    static var conversion: String {
        say(
            """
            in the model's folder, convert them with python3 -c \"from transformers import AutoModelForCausalLM \
            as M; M.from_pretrained('.').save_pretrained('.')\"
            """)
    }

    /// A name from a file, made safe for one line of a terminal.
    static func quoted(_ name: String) -> String {
        let shown = String(String.UnicodeScalarView(name.unicodeScalars.prefix(120)))
        return shown.debugDescription
    }
}
