import Foundation
import RopewalkFormats
import RopewalkModels
import RopewalkPhrases

/// What is said by whom.
public struct ChatMessage: Equatable, Sendable {
    /// "system", "user" or "assistant".
    public let role: String
    /// What is said.
    public let content: String

    /// A message of somebody.
    public init(role: String, content: String) {
        self.role = role
        self.content = content
    }
}

/// A template of a model that makes a prompt of messages: the part of Jinja that the templates of published models use, set up
/// as in transformers. What is not known of it is refused by its name.
public struct ChatTemplate: Sendable {
    private let nodes: [TemplateNode]
    private let source: String
    private let specialTokens: [String: String]

    /// - Parameters:
    ///   - text: the template.
    ///   - source: names it in errors.
    ///   - specialTokens: by what they are for, as "bos_token".
    /// - Throws: `GenerationError.template` for what is wrong or not known, and in which line.
    public init(_ text: String, source: String, specialTokens: [String: String] = [:]) throws(GenerationError) {
        self.source = source
        self.specialTokens = specialTokens
        do throws(TemplateProblem) { nodes = try TemplateParser.parse(text) } catch {
            throw Self.error(error, source)
        }
    }

    /// That of a model.
    /// - Throws: `GenerationError.template` where it has none, or one that is not known.
    package init(_ defaults: GenerationDefaults, model: String) throws(GenerationError) {
        guard let template = defaults.template else {
            throw .template(
                source: model, problem: say("there is none, so that nobody knows how it was taught to be asked"))
        }
        try self.init(template.text, source: template.source, specialTokens: defaults.specialTokens)
    }

    /// The prompt of a conversation.
    /// - Parameters:
    ///   - messages: the first said first.
    ///   - asks: whether an answer follows.
    /// - Returns: a text in which special tokens are written as they are named.
    /// - Throws: `GenerationError.template` for what the template itself refuses, or what takes too long.
    public func prompt(_ messages: [ChatMessage], asks: Bool = true) throws(GenerationError) -> String {
        let list = messages.map { message in
            TemplateValue.map([("role", .string(message.role)), ("content", .string(message.content))])
        }
        return try text([
            "messages": .list(list), "add_generation_prompt": .bool(asks), "tools": .null, "documents": .null,
        ])
    }

    /// Filled in with any values, as tests do.
    func text(_ values: [String: TemplateValue]) throws(GenerationError) -> String {
        let special = specialTokens.mapValues { TemplateValue.string($0) }
        do throws(TemplateProblem) {
            return try TemplateRun.text(of: nodes, special.merging(values) { $1 })
        } catch {
            throw Self.error(error, source)
        }
    }

    private static func error(_ problem: TemplateProblem, _ source: String) -> GenerationError {
        .template(
            source: source,
            problem: problem.line > 0 ? say("line \(problem.line): \(problem.text)") : problem.text)
    }
}

extension TemplateValue {
    /// A value of JSON.
    init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(value)
        case .number(let value): self = .number(value)
        case .string(let value): self = .string(value)
        case .array(let values): self = .list(values.map { TemplateValue($0) })
        case .object(let members): self = .map(members.map { ($0.key, TemplateValue($0.value)) })
        }
    }
}
