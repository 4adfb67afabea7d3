/// What covers the panels.
package indirect enum Overlay: Equatable, Sendable {
    /// With the number of its first line on the screen.
    case help(top: Int)
    case finder(ActionFinder)
    case menu(MethodMenu)
    case prompt(Prompt)
    case models(ModelList)
    /// A pasted text, while it is asked whether it shall be read.
    case pasted(PastedText)
    case places(PlaceList)
    case parts(PartList)
    case changes(ChangeList)
    case sessions(SessionChoice)
}
