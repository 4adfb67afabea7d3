import ArgumentParser
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// `ropewalk methods [NAME]`.
struct MethodsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "methods", abstract: say("The catalogue of long-context methods, or one of them."),
        discussion: say(
            """
            With --tokens: what attention costs with each of them on a text of so many tokens, all layers and heads of the model \
            together, projections not counted: operations (a multiplication and an addition are two), bytes of keys and values \
            at the end, in float32 where the method does not say otherwise, and both as a share of the model's own attention. A \
            mask counts with a whole cache unless its authors drop what it hides: ropewalk ask paged --head tells what it frees. \
            State: the most numbers that have to be kept at one time while the text, and as much again behind it, is read token by \
            token: keys and values that a later token reads, or what a method keeps in their place. A number of the model in \
            float32 takes 4 bytes.
            """))

    @Argument(help: .said("A method's name. Default: all of them."))
    var name: String?

    @Flag(help: .said("JSON in place of a table."))
    var json = false

    @Flag(help: .said("The catalogue as a tree: by what methods are of, with paper and year."))
    var tree = false

    @Option(
        help: ArgumentHelp(say("Counts the cost on a text of so many tokens."), valueName: "n"),
        transform: WholeNumber.parser(1...CostTable.tokenLimit))
    var tokens: Int?

    @Option(
        help: ArgumentHelp(say("With --tokens: family, name, kind, year, flops, cache or state."), valueName: "order"))
    var sort: CataloguedCost.Order?

    @Option(
        help: ArgumentHelp(
            say(
                "A Hugging Face folder, a GGUF file, or a name that ropewalk models lists. Default: the bundled model."),
            valueName: "model"))
    var model: String?

    @OptionGroup var language: LanguageOption

    func run() throws {
        let page = try name.map { try MethodPage(named: $0) }
        if tree { return try writeTree() }
        if let tokens { return try writeCosts(tokens) }
        if sort != nil || model != nil {
            throw CommandError.combination(say("--sort and --model are about costs: give --tokens too"))
        }
        if let page {
            try StandardOutput.write(json ? page.json() : page.text)
        } else {
            try StandardOutput.write(json ? MethodTable.json() : MethodTable.text)
        }
    }

    private func writeTree() throws {
        if name != nil || tokens != nil || sort != nil || model != nil {
            throw CommandError.combination(say("--tree is the whole catalogue: give it alone, or with --json"))
        }
        let tree = MethodTree()
        try StandardOutput.write(json ? tree.json() : tree.text)
    }

    private func writeCosts(_ tokens: Int) throws {
        let model = try Model.loaded(ModelName.path(model), needsTokenizer: false)
        let shape = model.traits.attentionShape
        let costs = CataloguedCost.all(of: shape, tokens: tokens, by: sort ?? .family)
        let table = CostTable(
            costs: costs.filter { name == nil || $0.name == name },
            full: MethodCost(.plain, model: shape, tokens: tokens))
        try StandardOutput.write(json ? table.json() : table.text)
    }
}

extension CataloguedCost.Order: ExpressibleByArgument {}
