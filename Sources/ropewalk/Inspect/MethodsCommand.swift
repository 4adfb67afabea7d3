import ArgumentParser
import RopewalkMethods

/// `ropewalk methods [NAME]`.
struct MethodsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "methods", abstract: "The catalogue of long-context methods, or one of them.")

    @Argument(help: "A method's name. Default: all of them.")
    var name: String?

    @Flag(help: "JSON in place of a table.")
    var json = false

    func run() throws {
        if let name {
            let page = try MethodPage(named: name)
            try StandardOutput.write(json ? page.json() : page.text)
        } else {
            try StandardOutput.write(json ? MethodTable.json() : MethodTable.text)
        }
    }
}
