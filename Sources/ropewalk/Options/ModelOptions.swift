import ArgumentParser
import RopewalkMethods
import RopewalkModels

/// Which model, and how many processors it may use.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A Hugging Face folder, or a GGUF file or its folder. Default: the bundled model.", valueName: "path"))
    var model: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Processors to use, 1 to 1024. Default: all.", valueName: "count"),
        transform: WholeNumber.parser(1...1024))
    var threads: Int?

    /// 0 for all.
    var threadCount: Int { threads ?? 0 }

    func path() throws(CommandError) -> String {
        if let model { return model }
        return try SamplesFolder.model()
    }

    func load(needsTokenizer: Bool = true) throws -> Model {
        let model = try Model(contentsOf: path(), needsTokenizer: needsTokenizer)
        if let line = model.unread.line { StandardError.write("\(model.path): \(line)") }
        return model
    }
}
