/// L-Eval's exact match (`em.py`).
package enum ExactMatch {
    /// Of options: 1 for the right ones, 0.25 for some of them and no wrong one, which the empty answer is too. Of anything
    /// else: 1 for equal numbers, or where the reference stands in the first line of more than one character, without blanks and
    /// case.
    package static func score(_ prediction: CodePoints, _ answer: CodePoints) -> Double {
        let wanted = TokenF1.normalized(answer, lowers: false)
        guard wanted.allSatisfy({ (0x41...0x44).contains($0.value) }) else { return ofText(prediction, answer) }
        let found = TokenF1.normalized(prediction, lowers: false)
        if found == wanted { return 1 }
        return Set(found).isSubset(of: Set(wanted)) ? 0.25 : 0
    }

    private static func ofText(_ prediction: CodePoints, _ answer: CodePoints) -> Double {
        if let found = PythonNumber.float(prediction), let wanted = PythonNumber.float(answer) {
            return found == wanted ? 1 : 0
        }
        let lines = PythonText.parts(prediction, at: "\n")
        let line = lines.first { $0.count > 1 } ?? prediction
        return PythonText.contains(plain(answer), in: plain(line)) ? 1 : 0
    }

    private static func plain(_ text: CodePoints) -> CodePoints { PythonText.lower(text).filter { $0 != " " } }
}
