import RopewalkMethods
import RopewalkViews

/// What the screen of all methods shows.
package struct CatalogueChoices: Equatable, Sendable {
    package var page = CataloguePage.list
    package var column = CatalogueColumn.kind
    package var isDescending = false
    /// The name of the method that the keys have moved to.
    package var selected = RoPE.description.name
    /// What methods must have in their name, title or sentence to be listed.
    package var filter = ""
    /// The first line on the screen of all that is said of the selected method; nil where the list is shown.
    package var firstLine: Int?
}
