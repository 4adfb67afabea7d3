import RopewalkPhrases

extension AppState {
    /// What is wrong with what an action was given; nil where it takes it.
    func problem(of name: String, with typed: String) -> Prompt.Problem? { problem(ofAction: name + " " + typed) }

    /// What is wrong with an action as it is written, or why it can do nothing now.
    private func problem(ofAction text: String) -> Prompt.Problem? {
        do throws(AppError) {
            return try Action(parsing: text).obstacle(in: self).map { Prompt.Problem(text: $0) }
        } catch {
            return Prompt.Problem(text: error.description)
        }
    }

    /// Does an action by its name, or says why not.
    mutating func perform(named text: String) -> [Effect] {
        do throws(AppError) {
            return perform(try Action(parsing: text))
        } catch {
            notice = Notice(.warning, error.description, isRefusal: true)
            return []
        }
    }

    /// Why what is typed as a place is neither that nor an action; nil where it is, or may become one.
    func placeOrActionProblem(_ typed: String) -> String? {
        guard let problem = placeProblem(typed) else { return nil }
        guard Action.begins(typed) else { return problem + say("; no action begins so") }
        // While its name is being typed, nothing is wrong yet.
        let isName = ActionForm.all.contains { $0.name.hasPrefix(typed) && $0.name != typed }
        return isName ? nil : self.problem(ofAction: typed)?.text
    }
}
