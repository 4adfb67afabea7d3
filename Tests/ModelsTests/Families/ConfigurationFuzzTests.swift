import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkModels

/// Damaged configurations: they are read or refused, and a model that they describe is checked against its weights
/// without a crash and without reading a number.
struct ConfigurationFuzzTests {
    /// One of every family.
    static let names =
        [
            "llama_yarn", "mistral", "mixtral", "qwen2_sliding", "qwen3", "gemma2", "gemma3", "phi3_longrope",
            "gpt_neox",
            "gpt2", "bloom", "mpt", "bert", "longformer", "big_bird", "bart", "t5_v11", "cohere", "cohere2", "exaone4",
            "falcon", "gemma", "glm4", "gpt_oss", "gptj", "granite", "granitemoe", "ministral", "nemotron", "olmo",
            "olmo2", "olmo3", "opt_narrow", "phi_normed", "qwen2_moe", "qwen3_moe", "deepseek_v2", "deepseek_v3",
            "gemma3_multimodal", "llama4", "ministral3", "smollm3", "stablelm", "distilbert",
            "electra", "modernbert", "roberta", "mbart", "pegasus", "switch_transformers", "starcoder2",
            "xlnet", "xlnet_uni",
        ] + GoldenFixture.recurrent
    private static let values = [
        "0", "-1", "1", "3", "0.5", "1e18", "1e308", "-1e308", "9223372036854775807", "null", "true", "\"\"", "[]",
        "[1,2]", "{}",
    ]

    private static func outline(_ text: Data, _ name: String) -> ModelOutline? {
        guard let root = try? JSONDocument(text, source: "config.json").root else { return nil }
        return try? ModelOutline(Configuration(file: "config.json", root: root), path: "", name: name)
    }

    /// Every value of the file in turn is replaced by others.
    @Test(arguments: names) func wrongValuesAreRefusedOrChecked(name: String) throws {
        let folder = Fixture.path("hf/\(name)")
        let text = try String(contentsOfFile: folder + "/config.json", encoding: .utf8)
        let checkpoint = try CheckpointFiles(folder: folder)
        let lines = text.components(separatedBy: "\n")
        var readings = 0
        for (index, line) in lines.enumerated() {
            guard let colon = line.range(of: ": ") else { continue }
            for value in Self.values {
                var changed = lines
                changed[index] = line[..<colon.upperBound] + value + (line.hasSuffix(",") ? "," : "")
                guard let outline = Self.outline(Data(changed.joined(separator: "\n").utf8), name) else { continue }
                let faults = FaultList()
                _ = try? outline.members.load(Weights(checking: checkpoint, faults: faults))
                readings += 1
            }
        }
        #expect(readings > 20, "most values do not matter to a reader that does not know them")
    }

    /// A number written as a word is refused by its name wherever the number is read: a default in its place would be
    /// another model.
    @Test(arguments: names) func wholeNumbersInWordsAreRefused(name: String) throws {
        let root = try JSONDocument(contentsOf: Fixture.path("hf/\(name)/config.json")).root
        let members = try #require(root.members)
        for (index, member) in members.enumerated() where member.value.integer != nil {
            var changed = members
            changed[index] = .init(key: member.key, value: .string("x"))
            let configuration = Configuration(file: "config.json", root: .object(changed))
            do throws(ModelError) {
                _ = try ModelOutline(configuration, path: "", name: name)
                #expect(!configuration.log.contains(member.key), "\(member.key)")
            } catch {
                #expect("\(error)".contains(member.key))
            }
        }
    }

    @Test(arguments: names) func truncatedFilesAreRefused(name: String) throws {
        let text = try Data(contentsOf: Fixture.url("hf/\(name)/config.json"))
        let end = try #require(text.lastIndex(of: UInt8(ascii: "}")))
        for length in 0..<end { #expect(Self.outline(text.prefix(length), name) == nil) }
        #expect(Self.outline(text, name) != nil)
    }

    @Test(arguments: names) func flippedBitsDoNoHarm(name: String) throws {
        let text = try Data(contentsOf: Fixture.url("hf/\(name)/config.json"))
        for index in text.indices {
            var changed = text
            changed[index] ^= 1 << UInt8(index % 8)
            _ = Self.outline(changed, name)
        }
    }
}
