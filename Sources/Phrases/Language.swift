import Synchronization

/// A language that the program speaks. Its texts are written in English where they are used; the others are looked up in
/// a catalogue.
package enum Language: String, CaseIterable, Hashable, Sendable {
    case english = "en"
    case chinese = "zh"

    /// What a task, a screen or a test speaks, whatever the program does.
    @TaskLocal private static var own: Language?
    /// The place of the program's language among all cases.
    private static let shared = Atomic<Int>(0)

    /// What is spoken here: English, until somebody says otherwise.
    package static var current: Language { own ?? allCases[shared.load(ordering: .relaxed)] }

    /// From now on, wherever nothing else is said.
    package static func speak(_ language: Language) {
        shared.store(allCases.firstIndex(of: language) ?? 0, ordering: .relaxed)
    }

    /// Speaks a language while `work` lasts.
    package static func with<Result, Failure: Error>(
        _ language: Language, _ work: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var result: Swift.Result<Result, Failure>?
        $own.withValue(language) {
            do throws(Failure) {
                result = .success(try work())
            } catch {
                result = .failure(error)
            }
        }
        // `withValue` has called its operation.
        guard let result else { return try work() }
        return try result.get()
    }

    /// As the variables of a locale name it; English where none names a language that there is.
    package init(environment: [String: String]) {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty }
        // What is preferred, in order; it counts only where the locale is none of plain C (GNU gettext).
        let isPlain = locale.map { $0 == "C" || $0 == "POSIX" || $0.hasPrefix("C.") } ?? true
        let preferred = isPlain ? nil : environment["LANGUAGE"]?.split(separator: ":").first.map(String.init)
        self = (preferred ?? locale)?.hasPrefix("zh") == true ? .chinese : .english
    }
}
