import ArgumentParser
import Foundation
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// `ropewalk models`.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: say("What models lie on this machine, and which of them run."),
        discussion: say(
            """
            Looks into the cache of Hugging Face (HF_HUB_CACHE, HF_HOME), the store of Ollama (OLLAMA_MODELS), the folder \
            of LM Studio and the cache of llama.cpp (LLAMA_CACHE). Reads configurations and the headers of weights, never \
            the weights; fetches nothing. --model takes the names.
            """))

    @Flag(help: .said("JSON in place of a table: an array of objects, one a model."))
    var json = false

    @OptionGroup var language: LanguageOption

    func run() throws {
        let summaries = ModelName.summaries()
        try StandardOutput.write(
            json ? JSONText.encode(summaries) : Self.text(summaries, roots: ModelPlaces.ofThisMachine.roots))
    }

    private static func text(_ summaries: [ModelSummary], roots: [String]) -> String {
        let looked = say("looked in \(roots.joined(separator: ", "))\n")
        guard !summaries.isEmpty else { return say("no models on this machine: \(looked)") }
        let rows = summaries.map { model in
            [
                model.name, model.place, model.family ?? "-", model.shortParameters, model.megabytes,
                model.window?.grouped ?? "-",
                model.runs ? say("yes") : say("no"), model.problem ?? "",
            ]
        }
        return AlignedTable(
            header: [say("name"), say("place"), say("family"), say("weights"), "MB", say("window"), say("runs"), ""],
            rows: rows,
            sides: [.left, .left, .left, .right, .right, .right, .left, .left]
        ).text + looked
    }
}
