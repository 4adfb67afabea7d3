import RopewalkPhrases

/// A lesson: a text, a model and steps, each with what is done, what is said about it, and what must be true of the screen.
package struct Lesson: Equatable, Sendable {
    package struct Step: Equatable, Sendable {
        /// Where it begins in the file, from 1.
        package let line: Int
        package let actions: [ActionScript.Step]
        /// Where each of them stands in the file, from 1.
        let actionLines: [Int]
        package let caption: LessonText
        package let question: LessonText?
        package let answer: LessonText?
        /// Panels that are pointed at.
        package let look: [Panel]
        package let claims: [LessonClaim]
    }

    package let title: LessonText
    /// A file, in the folder of samples or beside the lesson; nil where the text is a sentence, or the bundled book.
    package let text: String?
    package let sentence: String?
    package let model: String?
    package let beside: String?
    /// The first tokens only.
    package let tokens: Int?
    package let methods: [String]
    /// Where the first of them stands in the file, from 1; nil without any.
    package let methodLine: Int?
    package let preset: Preset
    /// At least one.
    package let steps: [Step]
}

extension Lesson.Step {
    /// Where an action stands in the file, from 1; nil where the step has it not.
    func line(of action: Action) -> Int? {
        actions.firstIndex(of: .action(action)).map { actionLines[$0] }
    }
}

/// A text in the languages that it is there in.
package struct LessonText: Equatable, Sendable {
    package var english: String
    package var chinese: String?

    /// In English where there is no other.
    package func text(in language: Language = .current) -> String {
        language == .chinese ? chinese ?? english : english
    }
}

/// What must be true at a step, so that its caption is.
package struct LessonClaim: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// Words that stand on the screen, or do not.
        case screen(String, isThere: Bool)
        /// A number of something that can be written to a file: the mean over tokens of a column.
        case number(KeptThing, column: String, tokens: ClosedRange<Int>, NumberClaim)
    }

    package enum NumberClaim: Equatable, Sendable {
        case about(Double, tolerance: Double)
        case below(Double), above(Double)

        func holds(_ value: Double) -> Bool {
            switch self {
            case .about(let expected, let tolerance): abs(value - expected) <= tolerance
            case .below(let bound): value < bound
            case .above(let bound): value > bound
            }
        }
    }

    /// In the file, from 1.
    package let line: Int
    /// As it is written.
    package let text: String
    package let kind: Kind
}
