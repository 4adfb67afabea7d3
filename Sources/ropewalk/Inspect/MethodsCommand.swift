import ArgumentParser
import RopewalkMethods
import RopewalkPhrases

/// `ropewalk methods [NAME]`.
struct MethodsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "methods", abstract: say("The catalogue of long-context methods, or one of them."))

    @Argument(help: .said("A method's name. Default: all of them."))
    var name: String?

    @Flag(help: .said("JSON in place of a table."))
    var json = false

    @OptionGroup var language: LanguageOption

    func run() throws {
        if let name {
            let page = try MethodPage(named: name)
            try StandardOutput.write(json ? page.json() : page.text)
        } else {
            try StandardOutput.write(json ? MethodTable.json() : MethodTable.text)
        }
    }
}
